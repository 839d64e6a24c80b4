"""An OpenAPI description (2.0, 3.0, 3.1): its operations, what they are sent, and what they give."""
