import pytest
from argon2 import PasswordHasher

from api.access import passwords
from api.access.passwords import WeakPassword, check_strength


@pytest.mark.parametrize(
    "password",
    [
        "short", "elevenchars", "password1234", "P@ssw0rd2026!", "Welcome2026!!", "qwertyuiop123", "aaaaaaaaaaaa",
        "abcabcabcabc", "123456789012", "oncology-clinic1", "Cedar2026Cedar", "correct horse battery staple",
        "mara.olin.2026", "x" * 201,
    ],
)  # fmt: skip
def test_what_is_guessed_first_is_refused(password: str) -> None:
    with pytest.raises(WeakPassword):
        check_strength(password, "mara.olin", "Mara Olin Cedar")


@pytest.mark.parametrize(
    "password", ["maple otter crayon vivid", "7$k29!Qx&4#z@8", "tr0ut-gl4cier-m1rth", "дождь над рекой"]
)
def test_others_are_taken(password: str) -> None:
    check_strength(password, "mara", "Mara Olin")


def test_the_hash_is_argon2id_with_the_librarys_parameters(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "_HASHER", PasswordHasher())
    stored = passwords.hashed("maple otter crayon vivid")
    assert stored.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert passwords.matches(stored, "maple otter crayon vivid")
    assert not passwords.matches(stored, "maple otter crayon vivi")
    assert not passwords.matches(None, "maple otter crayon vivid")


def test_a_hash_of_older_parameters_is_made_anew_at_sign_in(door, monkeypatch: pytest.MonkeyPatch) -> None:
    from door import PASSWORD

    door.user("mara")
    before = door.users().find("mara").password_hash
    monkeypatch.setattr(passwords, "_HASHER", PasswordHasher(time_cost=2, memory_cost=16, parallelism=1))
    door.signed_in("mara")
    after = door.users().find("mara").password_hash
    assert before != after
    assert "t=2" in after
    assert passwords.matches(after, PASSWORD)
