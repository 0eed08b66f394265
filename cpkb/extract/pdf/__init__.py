"""What does a PDF page say? Characters and ruling lines to paragraphs and tables (the only pypdfium2 import)."""
