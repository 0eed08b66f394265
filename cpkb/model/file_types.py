"""Kinds of files (文件格式) by the ends of their names: said once, for what comes from a disk, a form or the web."""

from __future__ import annotations

PAGES = (".html", ".htm")
LISTS = (".tsv", ".csv")
ARCHIVES = (".zip", ".tar", ".gz", ".tgz")
"""They hold files; of .gz only what is packed as .tar.gz does."""
MAILS = (".eml",)
CONTAINERS = (*ARCHIVES, *MAILS)
PICTURES = (".png", ".jpg", ".jpeg", ".tif", ".tiff")
_OFFICE = (".pdf", ".docx", ".doc", ".xlsx", ".xlsm", ".xls")
TEXTS = (".md", ".markdown", ".txt", ".text", ".jsonl")
IMPORTED = (*_OFFICE, *PAGES, *TEXTS, *LISTS, *PICTURES, *CONTAINERS)
"""What can be imported."""
ANNOUNCED = (*_OFFICE, *PICTURES)
"""Their content announces itself: another content under such a name is damaged, or a saved web page."""
SAVE_AS = {
    ".ppt": ".pdf",
    ".pptx": ".pdf",
    ".wps": ".docx",
    ".et": ".xlsx",
    ".rtf": ".docx",
    ".rar": ".zip",
    ".7z": ".zip",
    ".mht": ".html",
    ".mhtml": ".html",
}
"""What people have and cannot be imported, with what to save it as."""
ATTACHED = (*(suffix for suffix in IMPORTED if suffix not in (*PAGES, *PICTURES)), *SAVE_AS)
"""Files that a page of the web carries (附件); what cannot be imported is fetched too, so that its report says so."""
