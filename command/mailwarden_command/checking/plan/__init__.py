"""Terraform plans as ``terraform show -json`` prints them."""
