"""Reports that are sent by the calendar, and not because something changed."""
