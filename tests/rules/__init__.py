"""Each rule of the body, R1 to R28, and tries to break it: by API, page, event and file.

One module for each rule, `test_rNN_<what it says>.py`; `docs/rules.md` lists what each tries. The certifications behind
them are played through the API by the people of the demo (`playing.py`), as an installation would play them.
"""
