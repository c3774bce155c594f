"""The demo: five certifications driven through the public HTTP API, as clients would. All people in it are "contoh"."""
