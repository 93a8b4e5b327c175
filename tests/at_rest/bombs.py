"""Files made to take a reader down: by depth, by number, by what they unpack to."""

import gzip
import io
import zipfile
import zlib
from collections.abc import Callable

ISA = (
    b"ISA*00*          *00*          *ZZ*SENDER         *ZZ*RECEIVER       *260403*1200*^*00501*000000001*0*P*:~"
    b"GS*HP*SENDER*RECEIVER*20260403*1200*1*X*005010X221A1~ST*835*0001~"
    b"BPR*I*1*C*CHK************20260403~TRN*1*1*1~CLP*A*1*100*0**12*B~"
)


def _zip(layers: int) -> bytes:
    data = zlib.compress(b"", 9) + b"\0" * 1024
    for layer in range(layers):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for number in range(10):
                archive.writestr(f"{layer}-{number}", data if layer else b"\0" * 10_000_000)
        data = out.getvalue()
    return data


def _docx() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", b"<x/>")
        archive.writestr("word/document.xml", b"<a>" * 100_000_000)
    return out.getvalue()


def _pdf() -> bytes:
    stream = zlib.compress(b"\0" * 200_000_000, 9)
    head = b"%PDF-1.7\n1 0 obj\n<< /Type /ObjStm /N 1000000 /First 10 /Filter /FlateDecode /Length "
    return (
        head + str(len(stream)).encode() + b" >>\nstream\n" + stream + b"\nendstream\nendobj\ntrailer\n<< >>\n%%EOF\n"
    )


def _laughs() -> bytes:
    lines = ["a0: &a0 [x,x,x,x,x,x,x,x,x,x]"]
    lines += [f"a{n}: &a{n} [{','.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 10)]
    return "\n".join(lines).encode()


BOMBS: dict[str, Callable[[], tuple[str, bytes]]] = {
    "x12-million-lines-of-one-claim": lambda: (
        "/v1/remits",
        ISA + b"SVC*HC:J9271*1*0**1~" * 1_200_000 + b"SE*9*0001~GE*1*1~IEA*1*000000001~",
    ),
    "x12-many-segments": lambda: ("/v1/remits", ISA + b"N~" * 3_000_000),
    "x12-one-endless-segment": lambda: ("/v1/claims", ISA + b"REF" + b"*" * 30_000_000),
    "json-deep": lambda: ("/v1/charts", b'{"a":' * 5_000_000),
    "json-deep-arrays": lambda: ("/v1/charts", b"[" * 20_000_000 + b"]" * 20_000_000),
    "json-many": lambda: ("/v1/charts", b'{"resourceType":"Bundle","entry":[' + b"{}," * 10_000_000 + b"{}]}"),
    "json-huge-number": lambda: ("/v1/charts", b'{"resourceType":"Bundle","total":' + b"9" * 10_000_000 + b"}"),
    "csv-million-rows": lambda: ("/v1/coverage", b"payer_id,member_id\n" + b"A,1\n" * 5_000_000),
    "csv-endless-row": lambda: ("/v1/authorizations", b"auth_number,payer_id\n" + b"," * 40_000_000),
    "yaml-laughs": lambda: ("/v1/payers", _laughs()),
    "yaml-deep": lambda: ("/v1/payers", b"[" * 1_000_000),
    "policy-laughs": lambda: ("/v1/policies", b"---\n" + _laughs() + b"\n---\nText\n"),
    "pdf-as-chart": lambda: ("/v1/charts", _pdf()),
    "pdf-as-remit": lambda: ("/v1/remits", _pdf()),
    "zip-as-remit": lambda: ("/v1/remits", _zip(3)),
    "gzip-as-remit": lambda: ("/v1/remits", gzip.compress(b"\0" * 100_000_000)),
    "zip-as-letter": lambda: ("/v1/denials/den_9521f2aa9451e870bc0e/letter.docx?reason=x&by=a", _docx()),
}
