"""Reports as texts of mails."""
