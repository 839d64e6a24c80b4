"""The launches that come along (TOML), how they are found, and the page that is made of them."""
