"""Compares the audit with Cloud Custodian and Prowler, on the same pools in AWS in a box."""
