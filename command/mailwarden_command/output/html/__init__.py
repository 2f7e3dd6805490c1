"""The report as one HTML file, which needs no network: typed views of the report, and a template."""
