"""How do people take it away? Model objects → bytes of a file. Imports model and errors.

`memo` says what a memo of an answer (备忘录) holds, in the blocks of `blocks`; `docx` and `pdf` write any paper made of
blocks; `formats` lists them.
"""
