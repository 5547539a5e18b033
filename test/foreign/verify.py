"""python3 verify.py FOLDER KEY: signature, root and every chain of a log, with nothing but openssl beside it."""
import base64, hashlib, json, pathlib, subprocess, sys, tempfile
folder, key = pathlib.Path(sys.argv[1]), sys.argv[2]
sha = lambda *parts: hashlib.sha256(b"".join(parts)).digest()
name, key_id, public = key.split("+", 2)
text, _, lines = (folder / "checkpoint").read_bytes().decode().rpartition("\n\n")
origin, size, root = text.split("\n")[:3]
signed = [base64.b64decode(line.split(" ")[2]) for line in lines.splitlines() if line.split(" ")[1] == name == origin]
with tempfile.TemporaryDirectory() as scratch:
    put = lambda file, data: (pathlib.Path(scratch, file).write_bytes(data), f"{scratch}/{file}")[1]
    der = put("key", bytes.fromhex("302a300506032b6570032100") + base64.b64decode(public)[1:])
    signature = put("signature", next(one[4:] for one in signed if one[:4].hex() == key_id))
    subprocess.run(["openssl", "pkeyutl", "-verify", "-pubin", "-keyform", "DER", "-inkey", der, "-rawin",
                    "-in", put("text", f"{text}\n".encode()), "-sigfile", signature], check=True)
peaks, chains, count = [], {}, 0
for n in range(0, int(size), 256):
    path, width = f"{n // 256:0{-(-len(str(n // 256)) // 3) * 3}d}", min(256, int(size) - n)
    groups = [path[at:at + 3] for at in range(0, len(path), 3)]
    bundle = (folder / "tile/entries" / "/".join([f"x{one}" for one in groups[:-1]] + [groups[-1] + (f".p/{width}" if width < 256 else "")])).read_bytes()
    while bundle:
        end, count, rest = 2 + int.from_bytes(bundle[:2], "big"), count + 1, count
        entry, node, bundle = bundle[2:end], sha(b"\0", bundle[2:end]), bundle[end:]
        while rest % 2: node, rest = sha(b"\1", peaks.pop(), node), rest // 2
        peaks, fact = peaks + [node], json.loads(entry)
        seq, head = chains.get((fact.get("case"), fact["kind"]), (0, ""))
        assert (fact["seq"], fact["prev"]) == (seq + 1, head), f"entry {count - 1} does not follow in its chain"
        chains[fact.get("case"), fact["kind"]] = fact["seq"], "sha256:" + hashlib.sha256(entry).hexdigest()
while len(peaks) > 1: peaks[-2:] = [sha(b"\1", *peaks[-2:])]
assert count == int(size) and base64.b64encode((peaks or [sha()])[0]).decode() == root, "the root is not that of the entries"
print(f"holds: {count} entries in {len(chains)} chains")
