"""Files that people bring to stay: opened before they are accepted, and kept as they may be shown to others.

`reading` is asked by every door that takes one: it has pictures drawn anew (`pictures`), PDFs looked through
(`shared.active_content`), and a small picture made of both (`previews`, `first_pages`), in processes with limits.
"""
