"""What gunicorn serves, as Kinto's own documentation has it."""

import os

from pyramid.paster import get_app

application = get_app(os.environ["KINTO_INI"])
