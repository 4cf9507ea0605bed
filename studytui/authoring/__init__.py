"""What authors write, before it means anything: YAML trees with lines, their fields, problems."""
