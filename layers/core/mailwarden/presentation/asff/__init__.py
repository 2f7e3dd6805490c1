"""The AWS Security Finding Format: of the incidents of a deployment, and of the command's audit."""
