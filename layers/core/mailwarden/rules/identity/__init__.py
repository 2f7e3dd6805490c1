"""Rules about the SES identity as which the pool sends."""
