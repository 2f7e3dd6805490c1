"""AWS on the wire, in memory: real boto3 clients with their real models, answered before anything is sent."""
