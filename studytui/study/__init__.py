"""What a reader does, without an interface: one function a verb, composed from the layers below."""
