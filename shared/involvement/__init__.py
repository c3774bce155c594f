"""The record of who was involved in a case, the same in every stage that names or admits people."""
