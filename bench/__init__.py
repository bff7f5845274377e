"""The measures of this project: `python -m bench [NAME …]`. See README.md beside this file."""
