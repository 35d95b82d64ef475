"""Bringing people in from a spreadsheet: all of its rows, or none and every problem at its row and column.

    bytes --sheets, workbooks--> cells --checking--> entries and problems --bringing_in--> people

A file is read and judged first; nobody comes in before an admin has seen who would. Only new people come
in: whoever has a number or an address of the file already is a problem of the file.
"""
