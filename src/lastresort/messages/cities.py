"""How cities are called in the languages of the messages, where they are not called as in English."""

from __future__ import annotations

from functools import cache

_COLUMNS = ("de", "fr", "es", "pt", "it", "nl")
_TABLE = """
America/Argentina/Buenos_Aires|Buenos Aires|Buenos Aires|Buenos Aires|Buenos Aires|Buenos Aires|Buenos Aires
America/Bogota|Bogotá|Bogota|Bogotá|Bogotá|Bogotà|Bogotá
America/Havana|Havanna|La Havane|La Habana|Havana|L'Avana|Havana
America/Mexico_City|Mexiko-Stadt|Mexico|Ciudad de México|Cidade do México|Città del Messico|Mexico-Stad
America/Montreal|Montreal|Montréal|Montreal|Montreal|Montréal|Montreal
America/New_York|New York|New York|Nueva York|Nova York|New York|New York
America/Sao_Paulo|São Paulo|São Paulo|São Paulo|São Paulo|San Paolo|São Paulo
Africa/Cairo|Kairo|Le Caire|El Cairo|Cairo|Cairo|Caïro
Africa/Johannesburg|Johannesburg|Johannesbourg|Johannesburgo|Joanesburgo|Johannesburg|Johannesburg
Asia/Dubai|Dubai|Dubaï|Dubái|Dubai|Dubai|Dubai
Asia/Jakarta|Jakarta|Jakarta|Yakarta|Jacarta|Giacarta|Jakarta
Asia/Jerusalem|Jerusalem|Jérusalem|Jerusalén|Jerusalém|Gerusalemme|Jeruzalem
Asia/Kolkata|Kolkata|Calcutta|Calcuta|Calcutá|Calcutta|Calcutta
Asia/Seoul|Seoul|Séoul|Seúl|Seul|Seul|Seoel
Asia/Shanghai|Shanghai|Shanghai|Shanghái|Xangai|Shanghai|Shanghai
Asia/Singapore|Singapur|Singapour|Singapur|Singapura|Singapore|Singapore
Asia/Tokyo|Tokio|Tokyo|Tokio|Tóquio|Tokyo|Tokio
Atlantic/Reykjavik|Reykjavik|Reykjavik|Reikiavik|Reykjavík|Reykjavík|Reykjavik
Europe/Athens|Athen|Athènes|Atenas|Atenas|Atene|Athene
Europe/Belgrade|Belgrad|Belgrade|Belgrado|Belgrado|Belgrado|Belgrado
Europe/Berlin|Berlin|Berlin|Berlín|Berlim|Berlino|Berlijn
Europe/Brussels|Brüssel|Bruxelles|Bruselas|Bruxelas|Bruxelles|Brussel
Europe/Bucharest|Bukarest|Bucarest|Bucarest|Bucareste|Bucarest|Boekarest
Europe/Budapest|Budapest|Budapest|Budapest|Budapeste|Budapest|Boedapest
Europe/Copenhagen|Kopenhagen|Copenhague|Copenhague|Copenhaga|Copenaghen|Kopenhagen
Europe/Dublin|Dublin|Dublin|Dublín|Dublin|Dublino|Dublin
Europe/Helsinki|Helsinki|Helsinki|Helsinki|Helsínquia|Helsinki|Helsinki
Europe/Istanbul|Istanbul|Istanbul|Estambul|Istambul|Istanbul|Istanbul
Europe/Kiev|Kyjiw|Kyiv|Kyiv|Kiev|Kiev|Kiev
Europe/Kyiv|Kyjiw|Kyiv|Kyiv|Kiev|Kiev|Kiev
Europe/Lisbon|Lissabon|Lisbonne|Lisboa|Lisboa|Lisbona|Lissabon
Europe/London|London|Londres|Londres|Londres|Londra|Londen
Europe/Luxembourg|Luxemburg|Luxembourg|Luxemburgo|Luxemburgo|Lussemburgo|Luxemburg
Europe/Madrid|Madrid|Madrid|Madrid|Madri|Madrid|Madrid
Europe/Moscow|Moskau|Moscou|Moscú|Moscou|Mosca|Moskou
Europe/Paris|Paris|Paris|París|Paris|Parigi|Parijs
Europe/Prague|Prag|Prague|Praga|Praga|Praga|Praag
Europe/Rome|Rom|Rome|Roma|Roma|Roma|Rome
Europe/Sofia|Sofia|Sofia|Sofía|Sófia|Sofia|Sofia
Europe/Stockholm|Stockholm|Stockholm|Estocolmo|Estocolmo|Stoccolma|Stockholm
Europe/Vienna|Wien|Vienne|Viena|Viena|Vienna|Wenen
Europe/Warsaw|Warschau|Varsovie|Varsovia|Varsóvia|Varsavia|Warschau
Europe/Zurich|Zürich|Zurich|Zúrich|Zurique|Zurigo|Zürich
"""

_PORTUGAL = {
    "America/New_York": "Nova Iorque",
    "Europe/Madrid": "Madrid",
    "Europe/Moscow": "Moscovo",
}


def name_city(zone: str, language: str, region: str = "") -> str:
    """Return the city an IANA zone is called by, in the language; empty for a zone without one."""
    if language == "pt" and region == "PT" and zone in _PORTUGAL:
        return _PORTUGAL[zone]
    known = _names().get(zone, {}).get(language)
    if known is not None:
        return known
    if "/" not in zone or zone.startswith("Etc/"):
        return ""
    return zone.rpartition("/")[2].replace("_", " ")


@cache
def _names() -> dict[str, dict[str, str]]:
    rows = (line.split("|") for line in _TABLE.strip().splitlines())
    return {zone: dict(zip(_COLUMNS, names, strict=True)) for zone, *names in rows}
