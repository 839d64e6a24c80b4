"""Files for programs and CI: JSON, JUnit, Markdown."""
