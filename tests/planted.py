"""Made-up secrets of forty kinds, as people and programs write them, and traces in which they are hidden.

Nothing here opens anything: values are drawn from a seeded generator in the shape that each provider documents. They
are put together from parts, so that no scanner takes this file itself for a leak.
"""

from __future__ import annotations

import base64
import json
import random
import string
from collections.abc import Callable
from typing import Any, NamedTuple
from urllib.parse import quote

from tests.traces import Claude, Codex, Pi, Session

ALNUM = string.ascii_letters + string.digits
LOWER = string.ascii_lowercase + string.digits
HEX = "0123456789abcdef"
URL_SAFE = ALNUM + "-_"
BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"


class Draw:
    """Draws letters, the same ones in every run."""

    def __init__(self, seed: str) -> None:
        self._random = random.Random(seed)

    def some(self, letters: str, count: int) -> str:
        """That many letters; where there can be, a digit, a capital and a small letter are among them."""
        while True:
            made = "".join(self._random.choices(letters, k=count))
            wanted = [
                kind
                for kind in (string.digits, string.ascii_uppercase, string.ascii_lowercase)
                if count > 7 and set(kind) & set(letters)
            ]
            if all(sum(letter in kind for letter in made) >= 2 for kind in wanted):
                return made

    def data(self, size: int) -> bytes:
        """Bytes."""
        return self._random.randbytes(size)


class Planted(NamedTuple):
    """A secret: `value` is what must be gone, `written` what stands after the variable's name."""

    kind: str
    name: str
    value: str
    written: str


Maker = Callable[[Draw], str]


def _pem(title: str, size: int) -> Maker:
    def make(draw: Draw) -> str:
        body = base64.encodebytes(draw.data(size)).decode().replace("\n", "")
        lines = [body[at : at + 64] for at in range(0, len(body), 64)]
        return "\n".join((f"-----BEGIN {title}-----", *lines, f"-----END {title}-----"))

    return make


def _jwt(draw: Draw) -> str:
    def part(data: Any) -> str:
        return base64.urlsafe_b64encode(json.dumps(data).encode()).decode().rstrip("=")

    head, body = part({"alg": "HS256", "typ": "JWT"}), part({"sub": draw.some(string.digits, 10), "iat": 1760000000})
    return f"{head}.{body}.{draw.some(URL_SAFE, 43)}"


def _b64(size: int) -> Maker:
    return lambda draw: base64.b64encode(draw.data(size)).decode()


def _of(prefix: str, letters: str, count: int, suffix: str = "") -> Maker:
    return lambda draw: prefix + draw.some(letters, count) + suffix


_KINDS: tuple[tuple[str, str, Maker, str], ...] = (
    ("GitHub token", "GITHUB_TOKEN", _of("gh" + "p_", ALNUM, 36), "{}"),
    (
        "GitHub fine-grained token",
        "GH_TOKEN",
        lambda d: "github_" + f"pat_{d.some(ALNUM, 22)}_{d.some(ALNUM, 59)}",
        "{}",
    ),
    ("GitLab token", "GITLAB_TOKEN", _of("gl" + "pat-", ALNUM, 20), "{}"),
    ("OpenAI key", "OPENAI_API_KEY", lambda d: "sk-" + f"proj-{d.some(ALNUM, 74)}T3BlbkFJ{d.some(ALNUM, 74)}", "{}"),
    ("Anthropic key", "ANTHROPIC_API_KEY", _of("sk-" + "ant-api03-", URL_SAFE, 93, "AA"), "{}"),
    ("Hugging Face token", "HF_TOKEN", _of("h" + "f_", string.ascii_letters, 34), "{}"),
    ("AWS key id", "AWS_ACCESS_KEY_ID", _of("AK" + "IA", BASE32, 16), "{}"),
    ("AWS secret key", "AWS_SECRET_ACCESS_KEY", _of("", ALNUM + "/+", 40), "{}"),
    (
        "Slack bot token",
        "SLACK_BOT_TOKEN",
        lambda d: "xo" + f"xb-{d.some('123456789', 12)}-{d.some('123456789', 13)}-{d.some(ALNUM, 24)}",
        "{}",
    ),
    (
        "Slack webhook",
        "SLACK_WEBHOOK",
        lambda d: (
            "https://hooks.slack." + f"com/services/T{d.some(BASE32, 8)}/B{d.some(BASE32, 10)}/{d.some(ALNUM, 24)}"
        ),
        "{}",
    ),
    ("Stripe key", "STRIPE_SECRET_KEY", _of("sk_" + "live_", ALNUM, 24), "{}"),
    ("Google API key", "GOOGLE_API_KEY", _of("AI" + "za", URL_SAFE, 35), "{}"),
    ("Google client secret", "GOOGLE_CLIENT_SECRET", _of("GOC" + "SPX-", URL_SAFE, 28), "{}"),
    ("Google access token", "GCLOUD_ACCESS_TOKEN", _of("ya" + "29.a0A", URL_SAFE, 120), "{}"),
    ("npm token", "NPM_TOKEN", _of("np" + "m_", ALNUM, 36), "{}"),
    ("PyPI token", "PYPI_TOKEN", _of("py" + "pi-AgEIcHlwaS5vcmc", URL_SAFE, 90), "{}"),
    ("SendGrid key", "SENDGRID_API_KEY", lambda d: "S" + f"G.{d.some(URL_SAFE, 22)}.{d.some(URL_SAFE, 43)}", "{}"),
    ("Mailgun key", "MAILGUN_API_KEY", _of("key" + "-", HEX, 32), "{}"),
    ("Telegram bot token", "TELEGRAM_BOT_TOKEN", lambda d: f"{d.some('123456789', 10)}:AA{d.some(URL_SAFE, 33)}", "{}"),
    (
        "Discord webhook",
        "DISCORD_WEBHOOK",
        lambda d: "https://discord." + f"com/api/webhooks/{d.some('123456789', 18)}/{d.some(URL_SAFE, 68)}",
        "{}",
    ),
    (
        "Discord bot token",
        "DISCORD_TOKEN",
        lambda d: f"M{d.some(ALNUM, 23)}.{d.some(URL_SAFE, 6)}.{d.some(URL_SAFE, 38)}",
        "{}",
    ),
    ("RSA private key", "TLS_KEY", _pem("RSA PRIVATE " + "KEY", 600), "{}"),
    ("OpenSSH private key", "DEPLOY_KEY", _pem("OPENSSH PRIVATE " + "KEY", 380), "{}"),
    ("JSON web token", "SERVICE_JWT", _jwt, "{}"),
    ("Postgres password", "DATABASE_URL", _of("", ALNUM, 18), "postgres://app:{}@db.prod.internal:5432/app"),
    ("MongoDB password", "MONGO_URL", _of("", ALNUM, 16), "mongodb+srv://svc:{}@cluster0.ab1cd.mongodb.net/main"),
    ("Basic authorization", "REGISTRY_HEADER", _b64(24), "Authorization: Basic {}"),
    ("Bearer token", "API_HEADER", _of("", ALNUM, 40), "Authorization: Bearer {}"),
    ("Password", "DB_PASSWORD", _of("", ALNUM + "!#%^&*", 16), "{}"),
    (
        "Azure storage key",
        "AZURE_STORAGE",
        _b64(64),
        "DefaultEndpointsProtocol=https;AccountName=acme;AccountKey={};EndpointSuffix=core.windows.net",
    ),
    (
        "Azure shared access signature",
        "AZURE_SAS",
        _of("", ALNUM, 43, "%3D"),
        "https://acme.blob.core.windows.net/c/b?sv=2024-11-04&sig={}",
    ),
    ("DigitalOcean token", "DO_TOKEN", _of("dop" + "_v1_", HEX, 64), "{}"),
    ("Databricks token", "DATABRICKS_TOKEN", _of("da" + "pi", HEX, 32), "{}"),
    ("Vault token", "VAULT_TOKEN", _of("hv" + "s.", URL_SAFE, 94), "{}"),
    ("Shopify token", "SHOPIFY_TOKEN", _of("shp" + "at_", HEX, 32), "{}"),
    ("Datadog key", "DATADOG_API_KEY", _of("", HEX, 32), "{}"),
    (
        "Container registry login",
        "DOCKER_AUTH",
        lambda d: base64.b64encode(f"deploy:{d.some(ALNUM, 20)}".encode()).decode(),
        '{{"auths":{{"r.acme.io":{{"auth":"{}"}}}}}}',
    ),
    ("Session cookie", "COOKIE", _of("", ALNUM, 40), "sessionid={}"),
    ("Signing secret", "JWT_SECRET", _of("", URL_SAFE, 44), "{}"),
    ("Cloudflare token", "CLOUDFLARE_API_TOKEN", _of("", URL_SAFE, 40), "{}"),
    ("Weights & Biases key", "WANDB_API_KEY", _of("", HEX, 40), "{}"),
    ("Encryption key", "ENCRYPTION_KEY", _b64(32), "{}"),
)

KINDS = tuple(kind for kind, _, _, _ in _KINDS)
USER, HOST, EMAIL = "mwhitfield", "mw-thinkpad.lan", "m.whitfield@acme-robotics.io"
"""Of the person whose traces these are."""


def planted(context: str) -> list[Planted]:
    """One secret of each kind, another for each context."""
    made = []
    for kind, name, make, form in _KINDS:
        value = make(Draw(f"{context} {kind}"))
        made.append(Planted(kind, name, value, form.format(value)))
    return made


def env_file(secrets: list[Planted]) -> str:
    """A `.env` file; what has several lines is quoted."""
    return "".join(f"{one.name}={_quoted(one.written)}\n" for one in secrets)


def _quoted(text: str) -> str:
    return json.dumps(text) if any(letter in text for letter in " ;{\n") else text


def hide_in_json(session: Session, secrets: list[Planted]) -> None:
    """Escaped JSON: a command whose argument is JSON, as it stands in a shell's quotes."""
    for one in secrets:
        body = json.dumps({"env": {one.name: one.written}})
        session.call(
            "Bash", {"command": f"curl -d {json.dumps(body)} https://deploy.acme.io/v1"}, f'{{"ok":true,"echo":{body}}}'
        )


def hide_in_diff(session: Session, secrets: list[Planted]) -> None:
    """A diff of a file with settings."""
    lines = [f"+{part}" for one in secrets for part in f"{one.name}={one.written}".split("\n")]
    session.call(
        "Bash", {"command": "git diff .env"}, "\n".join(("diff --git a/.env b/.env", "@@ -0,0 +1,60 @@", *lines))
    )


def hide_in_base64(session: Session, secrets: list[Planted]) -> None:
    """Base64 of `.env`, as the program prints it: in lines of 76 letters; and one file each without line ends."""
    half = len(secrets) // 2
    session.call("Bash", {"command": "base64 .env"}, base64.encodebytes(env_file(secrets[:half]).encode()).decode())
    for one in secrets[half:]:
        made = base64.b64encode(env_file([one]).encode()).decode()
        session.call("Bash", {"command": "kubectl get secret app -o yaml"}, f"apiVersion: v1\ndata:\n  .env: {made}\n")


def hide_in_fields(session: Session, secrets: list[Planted]) -> None:
    """Name and value in two fields, as a container's description has them; and one argument after another."""
    listed = json.dumps({"containers": [{"env": [{"name": one.name, "value": one.written} for one in secrets]}]})
    session.call("Bash", {"command": "kubectl get pod app -o json"}, listed)


def hide_in_address(session: Session, secrets: list[Planted]) -> None:
    """Percent signs: the parameters of an address."""
    for one in secrets:
        session.call(
            "WebFetch", {"url": f"https://app.acme.io/cb?{one.name.lower()}={quote(one.written, safe='')}"}, "200"
        )


CONTEXTS: dict[str, Callable[[Session, list[Planted]], None]] = {
    "json": hide_in_json,
    "diff": hide_in_diff,
    "base64": hide_in_base64,
    "fields": hide_in_fields,
    "address": hide_in_address,
}


def session_of(context: str, builder: str = "claude") -> list[Any]:
    """The records of a session in which one secret of each kind is hidden in one way."""
    made: dict[str, Session] = {
        "claude": Claude(f"{context}-1", cwd=f"/home/{USER}/acme"),
        "codex": Codex(),
        "pi": Pi(),
    }
    session = made[builder]
    session.user(f"Deploy it from /home/{USER}/acme and tell {EMAIL}")
    CONTEXTS[context](session, planted(context))
    session.call("Bash", {"command": "hostname"}, f"Linux {HOST} 6.8.0-31-generic x86_64")
    session.say("Deployed.")
    return session.records


def values(context: str) -> list[str]:
    """What must not be in the published file of a context: of a key in several lines, each line of its body."""
    return [
        line
        for one in planted(context)
        for line in one.value.split("\n")
        if not line.startswith("-----") and len(line) > 12
    ]
