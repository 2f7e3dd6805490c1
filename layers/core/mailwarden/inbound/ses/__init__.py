"""Events and notices of SES."""
