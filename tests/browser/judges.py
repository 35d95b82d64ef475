"""Judges of a certificate who know nothing of our code: poppler, zbar, and pyHanko's own validator."""

import asyncio
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path

from asn1crypto import pem, x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import async_validate_pdf_signature
from pyhanko.sign.validation.status import PdfSignatureStatus
from pyhanko_certvalidator import ValidationContext


def pdfsig(pdf: Path) -> str:
    """What poppler says about the signature."""
    said = subprocess.run(["pdfsig", "-nocert", pdf], capture_output=True, text=True, check=True)
    return said.stdout


def text_of(pdf: Path) -> str:
    """The words on the pages."""
    said = subprocess.run(["pdftotext", "-layout", pdf, "-"], capture_output=True, text=True, check=True)
    return said.stdout


def qr_of(pdf: Path) -> str | None:
    """The address in the QR code on page 1, read from the picture of it; None: nobody here reads QR codes."""
    if shutil.which("zbarimg") is None:
        return None
    picture = pdf.with_suffix("")
    subprocess.run(["pdftoppm", "-r", "150", "-png", "-singlefile", "-l", "1", pdf, picture], check=True)
    said = subprocess.run(
        ["zbarimg", "--quiet", "--raw", picture.with_suffix(".png")],
        capture_output=True,
        text=True,
        check=True,
    )
    return said.stdout.strip()


def pyhanko(pdf: bytes, trusted: str) -> PdfSignatureStatus:
    """What pyHanko says, trusting one certificate (PEM) and asking nobody on the network."""
    _, _, der = pem.unarmor(trusted.encode())
    trust = ValidationContext(trust_roots=[x509.Certificate.load(der)], allow_fetching=False)

    def judge() -> PdfSignatureStatus:
        (signature,) = PdfFileReader(BytesIO(pdf)).embedded_signatures
        return asyncio.run(async_validate_pdf_signature(signature, trust))

    # In a thread of its own: Playwright keeps this one's event loop.
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(judge).result()
