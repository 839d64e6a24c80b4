"""What ``--json`` prints, and the JSON files of a run: one type a document, and a JSON Schema of all of them."""
