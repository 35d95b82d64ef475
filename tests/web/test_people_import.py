"""A spreadsheet in the browser: sent, shown, said yes to, printed; and every file that cannot be meant."""

import base64
import csv
import io
import re
import tempfile
import unicodedata
import zipfile

import pytest

from app.extensions import db
from app.services import services
from courses.audit.models import AuditEntry
from courses.people.importing.models import PeopleImport
from courses.people.importing.sheets import read_sheet
from courses.people.models import ActivationCode, Person, PersonNumber, PersonWord
from tests.people import fields, make, sign_in
from tests.sheets import BUDI, HEADINGS, SITI, csv_of, raw_xlsx, text_row, xlsx_of
from tests.web.hostile import sample, sound, tables
from tests.web.test_activating import CODE

PAGE = "/admin/people/import"


@pytest.fixture
def desk(client, admin):
    return sign_in(client, admin)


def upload(client, content: bytes, name: str = "asn.xlsx", form=None):
    """Send a file from the page that asks for one."""
    form = form or fields(client.get(PAGE).text)
    return client.post(PAGE, data={**form, "file": (io.BytesIO(content), name)})


def confirm(client, address: str, **more: str):
    return client.post(address, data={**fields(client.get(address).text), **more})


def everything():
    """Every table, and every object that is stored."""
    db.session.rollback()
    return tables(), set(services().objects.names())


@pytest.mark.parametrize("kind", [csv_of, xlsx_of])
def test_people_are_shown_come_in_when_one_says_so_and_get_codes(desk, kind):
    before = how_many()
    sent = upload(desk, kind([HEADINGS, SITI, BUDI]))
    assert sent.status_code == 303
    page = desk.get(sent.location).text
    assert "2 orang siap masuk" in page
    assert "19950505 202012 2 003" in page
    assert how_many() == before
    done = confirm(desk, sent.location)
    assert (done.status_code, done.location) == (303, sent.location)
    assert how_many() == before + 2
    page = desk.get(sent.location).text
    assert "2 orang sudah masuk." in page
    assert "2 orang menunggu kode aktivasi" in page
    sheet = confirm_codes(desk, sent.location)
    assert sheet.status_code == 201
    assert len(CODE.findall(sheet.text)) == 2
    assert "Semua sudah memegang kode atau aktif" in desk.get(sent.location).text
    assert CODE.findall(confirm_codes(desk, sent.location).text) == []
    assert db.session.query(ActivationCode).count() == 2


def how_many() -> int:
    db.session.rollback()
    count = db.session.query(Person).count()
    db.session.rollback()
    return count


def confirm_codes(client, address):
    return client.post(f"{address}/codes", data=fields(client.get(address).text))


def test_each_problem_stands_at_its_row_and_column_and_nothing_is_kept(desk):
    before = everything()
    rows = [HEADINGS, SITI, (int(BUDI[0]), "", *BUDI[2:]), ("", *SITI[1:3], "Dinas Sosial", *SITI[4:])]
    answer = sound(upload(desk, xlsx_of(rows)))
    assert answer.status_code == 422
    page = re.sub(r"<[^>]+>", "", answer.text)
    assert "4 hal perlu diperbaiki" in page
    assert "Baris 3, kolom NIP: Sel ini berisi bilangan, bukan teks." in page
    assert "Baris 3, kolom Nama: Isi nama lengkap." in page
    assert "Baris 4, kolom Email: Sama dengan baris 2." in page
    assert "Baris 4, kolom Unit: Tidak ada unit bernama “Dinas Sosial” yang Anda kelola." in page
    assert "Siti Aminah, S.Pd." in page
    assert everything() == before


def test_a_file_sent_twice_is_kept_once_and_confirmed_once(desk):
    form = fields(desk.get(PAGE).text)
    first, second = (upload(desk, csv_of([HEADINGS, SITI]), form=form) for _ in range(2))
    assert first.location == second.location
    assert upload(desk, csv_of([HEADINGS, BUDI]), form=form).status_code == 409
    assert db.session.query(PeopleImport).count() == 1
    db.session.rollback()
    yes = fields(desk.get(first.location).text)
    answers = [desk.post(first.location, data=yes), desk.post(first.location, data=yes)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert desk.post(first.location, data={**fields(desk.get(PAGE).text)}).status_code == 303
    assert db.session.query(Person).filter_by(name=SITI[1]).count() == 1
    assert db.session.query(AuditEntry).filter_by(act="person.import").count() == 1


def test_what_changed_meanwhile_is_shown_instead_of_bringing_anybody_in(desk):
    address = upload(desk, csv_of([HEADINGS, SITI, BUDI])).location
    yes = fields(desk.get(address).text)
    make("Lebih Dahulu", nip=BUDI[0], email="dahulu@example.id")
    answer = desk.post(address, data=yes, follow_redirects=True)
    page = re.sub(r"<[^>]+>", "", answer.text)
    assert "Baris 3, kolom NIP: Sudah ada di Bina." in page
    assert f'action="{address}"' not in answer.text
    assert db.session.query(Person).filter_by(name=SITI[1]).count() == 0


def test_columns_nobody_reads_and_guessed_letters_are_said(desk):
    rows = [("No", "NIP", "Nama", "Alamat"), ("1", SITI[0], "Zoë Aminah", "Ampenan")]
    page = desk.get(upload(desk, csv_of(rows, encoding="cp1252")).location).text
    assert "Kolom yang tidak dibaca: No, Alamat." in page
    assert "Berkas ini bukan UTF-8." in page
    assert "Zoë Aminah" in page


def test_an_office_admin_brings_people_into_her_own_office_and_sees_no_other_import(
    app, client, office_admin, admin
):
    make("Lain", nip="199505052020122009", email="lain@example.id", unit="Dinas Kesehatan")
    db.session.rollback()
    sign_in(client, office_admin)
    mine = ["Dinas Pendidikan" if one == "Unit" else text for one, text in zip(HEADINGS, SITI, strict=True)]
    theirs = ["Dinas Kesehatan" if one == "Unit" else text for one, text in zip(HEADINGS, BUDI, strict=True)]
    refused = upload(client, csv_of([HEADINGS, mine, theirs]))
    assert refused.status_code == 422
    assert "Tidak ada unit bernama “Dinas Kesehatan” yang Anda kelola." in refused.text
    address = upload(client, csv_of([HEADINGS, mine])).location
    other = sign_in(app.test_client(), admin)
    assert other.get(address).status_code == 404
    assert other.post(address, data=fields(other.get(PAGE).text)).status_code == 404
    assert other.post(f"{address}/codes", data=fields(other.get(PAGE).text)).status_code == 404
    assert confirm(client, address).status_code == 303
    assert db.session.query(Person).filter_by(name=SITI[1]).count() == 1


def test_the_template_reads_back_has_text_cells_and_only_ones_own_units(client, office_admin, admin):
    make("Lain", nip="199505052020122009", email="lain@example.id", unit="Dinas Kesehatan")
    db.session.rollback()
    sign_in(client, office_admin)
    answer = client.get(f"{PAGE}/template.xlsx")
    assert answer.headers["Content-Disposition"] == "attachment; filename=daftar-asn.xlsx"
    [row] = read_sheet(answer.data).rows
    assert tuple(cell.text for cell in row.cells) == HEADINGS
    assert "Tidak ada orang di bawah judul kolom." in upload(client, answer.data).text
    assert "Dinas Kesehatan" not in xml(answer.data)
    assert "Dinas Pendidikan" in xml(answer.data)


def xml(content: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return "".join(archive.read(name).decode() for name in archive.namelist())


@pytest.mark.parametrize("name", ["asn.csv", "../../asn.xlsx", "x" * 3000, "<script>.exe", ""])
def test_what_a_file_is_called_does_not_matter(desk, name):
    answer = sound(upload(desk, csv_of([HEADINGS, SITI]), name))
    assert answer.status_code == (303 if name else 422)  # without a name, no file was chosen


def test_without_a_file_it_is_said_at_the_field(desk):
    answer = desk.post(PAGE, data=fields(desk.get(PAGE).text))
    assert answer.status_code == 422
    assert "Berkas ini kosong." in answer.text


def test_a_far_cell_takes_no_memory(desk):
    far = raw_xlsx('<row r="1048576"><c r="XFD1048576" t="str"><v>x</v></c></row>')
    assert "terlalu lebar" in sound(upload(desk, far)).text
    wide = raw_xlsx(text_row(1, "NIP", "Nama") + text_row(2, SITI[0], "Siti") + text_row(1048576, "", "x"))
    assert "Baris 1048576, kolom NIP" in re.sub(r"<[^>]+>", "", sound(upload(desk, wide)).text)


@pytest.mark.parametrize(
    ("name", "fewest"), [("csv_malformed", 7), ("xlsx_malformed", 3), ("csv_formula", 20), ("blns", 50)]
)
def test_every_file_of_the_corpora_is_refused_leaving_nothing_or_shown_as_it_is(
    desk, name, fewest, temporary
):
    taken = 0
    for content in files(name):
        before = everything()
        answer = sound(upload(desk, content), content[:80])
        if answer.status_code == 422:
            assert everything() == before, content[:80]
        else:
            taken += 1
            assert kept() == as_written(content)
            sound(desk.get(answer.location), content[:80])
        assert list(temporary.iterdir()) == []
    assert taken >= fewest


@pytest.mark.parametrize(
    ("name", "heading"),
    [("nip_valid", "NIP"), ("nip_invalid", "NIP"), ("names_accept", "Nama"), ("names_reject", "Nama")],
)
def test_numbers_and_names_of_the_corpora_come_in_as_they_are_or_not_at_all(desk, name, heading, temporary):
    for text in sample(name, 25):
        before = everything()
        row = {"NIP": SITI[0], "Nama": "Siti Aminah", heading: text}
        answer = sound(upload(desk, quoted(row, row.values())), text)
        if answer.status_code == 422:
            assert name != "names_accept"
            assert everything() == before, text
        else:
            assert name != "names_reject"
            assert confirm(desk, answer.location).status_code == 303
            assert squeezed(text) in came_in()
            delete_those_who_came_in()


@pytest.fixture
def temporary(tmp_path, monkeypatch):
    """Where files for a while would be made."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def files(name: str):
    """The files of a corpus, or a sheet with each of its texts as somebody's post."""
    for text in sample(name, 60):
        if name == "xlsx_malformed":
            yield base64.b64decode(text.rpartition("base64,")[2])
        elif name == "csv_malformed":
            yield text.encode("utf-8", "surrogatepass")
        else:
            yield quoted(("NIP", "Nama", "Jabatan"), (SITI[0], "Siti Aminah", text))


def quoted(*rows) -> bytes:
    """A CSV of any texts; lone surrogates as somebody would who writes no UTF-8."""
    lines = [",".join('"' + text.replace('"', '""') + '"' for text in row) for row in rows]
    return "\r\n".join(lines).encode("utf-8", "surrogatepass")


def kept() -> list[list[str]]:
    """What waits for a yes: number, name, address and post of each."""
    db.session.rollback()
    waiting = db.session.query(PeopleImport).one().entries or []
    db.session.rollback()
    return [[entry[field] for field in ("nip", "name", "email", "position")] for entry in waiting]


def as_written(content: bytes) -> list[list[str]]:
    """The same as another reader finds it in the file: Python's own for CSV, a search for XLSX."""
    if content.startswith(b"PK"):
        return [
            [*list(found), ""]
            for found in re.findall("<t>([0-9]{18})</t>.*?<t>(.*?)</t>.*?<t>(.*?)</t>", xml(content))
        ]
    text = content.decode("utf-8-sig")
    heading = next(line for line in text.splitlines() if "nip" in line.lower())
    separator = max("\t;,", key=heading.count)
    rows = [row for row in csv.reader(io.StringIO(text), delimiter=separator) if len(row) > 1]
    headings = [heading.lower() for heading in rows[0]]
    read = [dict(zip(headings, map(" ".join, map(str.split, row)), strict=False)) for row in rows[1:]]
    return [[row.get(name, "") for name in ("nip", "nama", "email", "jabatan")] for row in read]


def squeezed(text: str) -> str:
    """A name as it is stored, or a number without what separates its digits."""
    compact = re.sub("[ .]", "", text)
    return compact if compact.isdigit() else unicodedata.normalize("NFC", text.strip(" "))


def came_in() -> set[str]:
    people = db.session.query(PeopleImport).filter(PeopleImport.people.is_not(None)).one().people or []
    names = {db.session.get_one(Person, one).name for one in people}
    numbers = {
        one.number for one in db.session.query(PersonNumber).filter(PersonNumber.person_id.in_(people))
    }
    db.session.rollback()
    return names | numbers


def delete_those_who_came_in() -> None:
    """So that the next number or name meets nobody."""
    people = db.session.query(PeopleImport).filter(PeopleImport.people.is_not(None)).one().people or []
    for model in (PersonWord, PersonNumber):
        db.session.query(model).filter(model.person_id.in_(people)).delete()
    db.session.query(Person).filter(Person.id.in_(people)).delete()
    db.session.query(PeopleImport).delete()
    db.session.commit()
