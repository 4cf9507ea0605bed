"""The functions and constants that the grammar knows, and what is known of each."""
