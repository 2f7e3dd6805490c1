"""What an event or a finding can name: resources, the causes of a look, and hints."""
