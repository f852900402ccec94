"""Labels, QR codes and cover sheets: made for paper, read back from images."""
