"""Launch files made of what a team has already: a browser's recording (HAR), or an OpenAPI description."""
