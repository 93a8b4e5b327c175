import pytest

from api.webhooks.destinations import DestinationRefused, check_written, resolved


@pytest.mark.parametrize(
    "url",
    [
        *("http://example.com/x", "ftp://example.com", "https://", "https:///x", "example.com", "//example.com"),
        *("https://127.0.0.1/", "https://127.1/", "https://2130706433/", "https://0x7f000001/", "https://0/"),
        *("https://10.0.0.8/", "https://192.168.1.1/", "https://172.16.0.1/", "https://169.254.169.254/latest"),
        *("https://100.64.0.1/", "https://224.0.0.1/", "https://168.63.129.16/", "https://255.255.255.255/"),
        *("https://[::1]/", "https://[::]/", "https://[fe80::1%25eth0]/", "https://[fc00::1]/", "https://[ff02::1]/"),
        *("https://[::ffff:127.0.0.1]/", "https://[::ffff:10.0.0.1]/", "https://[64:ff9b::7f00:1]/"),
        *("https://[2002:7f00:1::]/", "https://localhost/", "https://a.localhost/", "https://db.internal/"),
        *(
            "https://user:secret@example.com/",
            "https://example.com/#part",
            "https://example.com/a b",
            "https://e\tx.com/",
        ),
        *("https://example.com\\@127.0.0.1/", "https://example.com:0/", "https://example.com:99999/", "https://é.com/"),
        *("https://localhost./", "https://a.localhost./", "https://db.internal./", "https://127.0.0.1./"),
        *("https://[fec0::1]/", "https://[::7f00:1]/", "https://[::ffff:0:7f00:1]/", "https://[4000::1]/"),
        *("https://192.0.0.8/", "https://192.88.99.1/", "https://[3fff::1]/", "https://[5f00::1]/"),
        "https://example.com/" + "x" * 2000,
    ],
)
def test_what_leads_elsewhere_than_out_into_the_world_is_refused_as_written(url: str) -> None:
    with pytest.raises(DestinationRefused):
        check_written(url, loopback=False)


@pytest.mark.parametrize("answers", [["10.0.0.1"], ["93.184.216.34", "127.0.0.1"], ["::1"], ["fe80::1%eth0"]])
def test_a_name_that_resolves_to_a_private_address_is_refused(answers: list[str]) -> None:
    with pytest.raises(DestinationRefused):
        resolved("https://pms.example.com/x", loopback=False, resolve=lambda _host, _port: answers)


def test_the_connection_goes_to_the_address_that_was_judged_under_the_name_that_was_asked_for() -> None:
    to = resolved("https://pms.example.com:8443/a?b=1", loopback=False, resolve=lambda _h, _p: ["93.184.216.34"])
    assert to.url == "https://93.184.216.34:8443/a?b=1"
    assert (to.host, to.host_header) == ("pms.example.com", "pms.example.com:8443")
    six = resolved("https://pms.example.com", loopback=False, resolve=lambda _h, _p: ["2606:2800:220:1::1"])
    assert (six.url, six.host_header) == ("https://[2606:2800:220:1::1]:443/", "pms.example.com")


def test_this_machine_is_reached_only_where_the_setting_allows_it_and_then_without_tls() -> None:
    assert check_written("http://127.0.0.1:9000/x", loopback=True)
    assert check_written("http://localhost:9000/x", loopback=True)
    for url in ("http://10.0.0.1/", "http://example.com/"):
        with pytest.raises(DestinationRefused):
            check_written(url, loopback=True)
