"""The control routes of mail: states that no AWS call sets, what arrived, and the webhook."""
