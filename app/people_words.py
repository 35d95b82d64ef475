"""From what is wrong with a person's data to what people read about it: in forms, sheets and terminals."""

from flask_babel import gettext

from app.formats import number
from courses.people.importing.cells import MOST_BYTES, MOST_COLUMNS, MOST_ROWS, SheetRefused
from courses.people.importing.checking import Problem


def nip_words(reason: str) -> str:
    """What is wrong with a number: the reason of `BadNip`."""
    words = {
        "length": gettext("NIP terdiri atas 18 angka."),
        "birth-date": gettext("Delapan angka pertama NIP harus tanggal lahir yang ada di kalender."),
        "serial": gettext("Tiga angka terakhir NIP tidak boleh 000."),
        "year": gettext("Tahun pengangkatan di dalam NIP tidak mungkin."),
        "number": gettext(
            "Sel ini berisi bilangan, bukan teks. Lembar kerja hanya menyimpan 15 angka, jadi tiga angka "
            "terakhir NIP sudah hilang. Ubah format kolom menjadi Teks, lalu isi ulang NIP-nya."
        ),
    }
    return words.get(reason, gettext("Susunan angka NIP tidak dikenal. Periksa lagi setiap angkanya."))


def name_words(reason: str) -> str:
    """What is wrong with a name: the reason of `BadName`."""
    words = {
        "missing": gettext("Isi nama lengkap."),
        "long": gettext("Nama paling banyak 120 karakter."),
        "reserved": gettext("Ini bukan nama orang."),
    }
    return words.get(
        reason,
        gettext("Nama hanya memuat huruf Latin, spasi, dan tanda titik, koma, petik atau hubung."),
    )


def problem_words(problem: Problem) -> str:
    """What is wrong in a cell of a sheet."""
    kind, _, reason = problem.code.partition("-")
    if kind == "nip":
        return nip_words(reason)
    if kind == "name":
        return name_words(reason)
    about = problem.about
    words = {
        "heading-twice": gettext("Judul kolom ini ada dua kali. Hapus salah satunya."),
        "heading-missing": gettext("Kolom ini tidak ada. Tambahkan judulnya di baris ini."),
        "no-heading": gettext(
            "Sel ini tidak berada di bawah judul kolom. Dalam CSV, apit isian yang memuat pemisah "
            "dengan tanda petik."
        ),
        "identifier": gettext("Isi NIP, atau surel bila orang ini tidak memiliki NIP."),
        "email": gettext("Tuliskan alamat surel, misalnya nama@instansi.go.id."),
        "unit-missing": gettext("Isi nama unit kerja: salah satu unit Anda."),
        "unit-unknown": gettext("Tidak ada unit bernama “%(name)s” yang Anda kelola.", name=about),
        "grade": gettext("Golongan tidak dikenal. Tuliskan seperti III/d, atau IX untuk PPPK."),
        "status": gettext("Isi PNS atau PPPK, atau kosongkan."),
        "status-of-nip": gettext("NIP di baris ini adalah nomor %(status)s.", status=about),
        "twice": gettext("Sama dengan baris %(row)s. Setiap orang ditulis satu kali.", row=about),
        "known": gettext("Sudah ada di Bina. Hapus baris ini; ubah datanya di halaman orangnya."),
        "number": gettext(
            "Sel ini berisi bilangan, tanggal, atau rumus. Ubah formatnya menjadi Teks, lalu isi ulang."
        ),
        "fault": gettext(
            "Rumus di sel ini tidak menghasilkan isi (%(shown)s). Ganti dengan teks biasa.", shown=about
        ),
        "characters": gettext("Ada karakter yang tidak terlihat di sel ini. Hapus isinya, lalu ketik ulang."),
        "long": gettext("Paling banyak 120 karakter."),
    }
    return words[problem.code]


def sheet_words(refusal: SheetRefused) -> str:
    """Why a file cannot be read at all."""
    words = {
        "empty": gettext("Berkas ini kosong."),
        "large": gettext(
            "Berkas ini terlalu besar: paling banyak %(megabytes)s MB.", megabytes=MOST_BYTES >> 20
        ),
        "rows": gettext(
            "Paling banyak %(count)s baris sekali impor. Bagi menjadi beberapa berkas.",
            count=number(MOST_ROWS),
        ),
        "columns": gettext("Lembar ini terlalu lebar: paling banyak %(count)s kolom.", count=MOST_COLUMNS),
        "kind": gettext("Ini bukan lembar kerja. Simpan sebagai XLSX atau CSV."),
        "old": gettext(
            "Ini berkas Excel lama, atau dikunci dengan kata sandi. Simpan sebagai XLSX tanpa kata sandi."
        ),
        "broken": gettext(
            "Berkas XLSX ini rusak atau tidak lengkap. Simpan ulang dari aplikasi lembar kerja Anda."
        ),
        "encoding": gettext("Huruf di dalam berkas ini tidak dapat dibaca. Simpan sebagai CSV UTF-8."),
        "quotes": gettext(
            "Baris %(row)s tidak dapat dibaca: ada tanda petik yang tidak pada tempatnya.", row=refusal.row
        ),
        "headings": gettext(
            "Tidak ada baris judul kolom. Tuliskan judul NIP, Nama, dan Unit di baris pertama."
        ),
        "nobody": gettext("Tidak ada orang di bawah judul kolom."),
    }
    return words[refusal.reason]
