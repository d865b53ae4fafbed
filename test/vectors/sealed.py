# Made envelopes.json and rosters.json, once, from protocol/README.md sections 12 and 13 alone: nothing here knows the TypeScript.
# Needs Python with the package `cryptography` (48, OpenSSL with ML-KEM). Run in this folder: python3 sealed.py
# Encapsulations are random, so a second run gives other bytes that say the same.
import hashlib, json, math
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.ciphers.algorithms import ChaCha20
from cryptography.hazmat.primitives.poly1305 import Poly1305

le32 = lambda n: n.to_bytes(4, 'little')
draw = lambda name, n=32: hashlib.shake_256(('vector ' + name).encode()).digest(n)


# --- CBOR, hash, Ed25519 -------------------------------------------------------------------------------------------
def cbor(v):
    def head(major, n):
        if n < 24: return bytes([major << 5 | n])
        for extra, size in ((24, 1), (25, 2), (26, 4), (27, 8)):
            if n < 1 << 8 * size: return bytes([major << 5 | extra]) + n.to_bytes(size, 'big')
    if v is None: return b'\xf6'
    if v is True or v is False: return b'\xf5' if v else b'\xf4'
    if isinstance(v, int): return head(0, v) if v >= 0 else head(1, -1 - v)
    if isinstance(v, bytes): return head(2, len(v)) + v
    if isinstance(v, str): return head(3, len(v.encode())) + v.encode()
    return head(4, len(v)) + b''.join(map(cbor, v))


def framed(parts): return b''.join(le32(len(p)) + p for p in parts)
def hash_of(context, *parts): return hashlib.blake2b(framed([context.encode(), *parts]), digest_size=32).digest()
def key_of(secret, context, *parts):
    return hashlib.blake2b(framed([context.encode(), *parts]), digest_size=32, key=secret).digest()


class Signer:
    def __init__(self, name):
        self.seed = draw('sign ' + name)
        self.secret = Ed25519PrivateKey.from_private_bytes(self.seed)
        self.key = self.secret.public_key().public_bytes_raw()
    def sign(self, digest): return self.secret.sign(digest)


# --- family --------------------------------------------------------------------------------------------------------
ADULT, RELATIVE, BRIDGE, TOY = 1, 2, 3, 4


class Device(Signer):
    def __init__(self, name, role, person=None):
        super().__init__(name)
        link = draw('link ' + name) if role in (BRIDGE, TOY) else None
        if role == TOY:
            self.id = hashlib.blake2b(b'pawpost1/toy' + link, digest_size=16).digest()
            self.member = [self.id, TOY, None, link, None]
        else:
            self.id = hash_of('pawpost1/device', self.key, link or b'')[:16]
            who = draw('person ' + (person or name), 16) if role in (ADULT, RELATIVE) else None
            self.member = [self.id, role, self.key, link, who]


root = Signer('root')
family_id = hash_of('pawpost1/family', root.key)[:16]
root.id = family_id
mum, tablet, dad = Device('mum', ADULT), Device('tablet', ADULT, 'mum'), Device('dad', ADULT)
grandma, bridge, toy = Device('grandma', RELATIVE), Device('bridge', BRIDGE), Device('toy', TOY)
aunt, nanny, phone = Device('aunt', RELATIVE), Device('nanny', ADULT), Device('phone', ADULT, 'mum')


class Chain:
    def __init__(self, entries=(), heads=(), generation=1):
        self.entries, self.heads, self.generation = list(entries), list(heads), generation
    def add(self, signers, op, **wrong):
        chain = Chain(self.entries, self.heads, wrong.get('generation', self.generation))
        number = wrong.get('number', len(self.entries))
        previous = wrong.get('previous', self.heads[-1] if self.heads else bytes(32))
        payload = cbor([1, number, chain.generation, previous, [s.id for s in signers], op])
        digest = wrong.get('digest', hash_of('pawpost1/roster', payload))
        chain.entries.append(cbor([payload, [s.sign(digest) for s in signers]]))
        chain.heads.append(hash_of('pawpost1/roster-entry', payload))
        return chain


def add(*devices): return [1, [d.member for d in devices]]
def remove(*devices): return [2, [d.id for d in devices]]
def reset(*devices): return [3, [d.member for d in devices]]


first = Chain().add([root], [0, root.key, [mum.member]])
home = first.add([mum], add(bridge, toy))
both = home.add([mum], add(dad)).add([mum], add(tablet))
whole = both.add([dad], add(grandma))
fewer = whole.add([tablet], remove(grandma))
again = fewer.add([root], reset(phone, dad, bridge, toy), generation=2)
base = [bridge, toy, mum, tablet, dad]

rosters = []
def roster(name, chain, expect, members=None, entries=None, family=family_id):
    entries = chain.entries if entries is None else entries
    one = {'name': name, 'expect': expect, 'familyId': family.hex(), 'entries': [e.hex() for e in entries]}
    if expect == 'ok':
        one |= {'head': chain.heads[-1].hex(), 'generation': chain.generation, 'members': sorted(d.id.hex() for d in members)}
    rosters.append(one)


roster('genesis', first, 'ok', [mum])
roster('bridge and toy in one entry', home, 'ok', [mum, bridge, toy])
roster('the only adult makes the second, then a device of her own', both, 'ok', base)
roster('a relative by the second adult', whole, 'ok', [*base, grandma])
roster('removed by a second device of the first', fewer, 'ok', base)
roster('a third adult by two', whole.add([mum, dad], add(nanny)), 'ok', [*base, grandma, nanny])
roster('a third adult by the root', whole.add([root], add(nanny)), 'ok', [*base, grandma, nanny])
roster('an adult removed by two', whole.add([tablet, dad], remove(dad)), 'ok', [bridge, toy, mum, tablet, grandma])
roster('reset by the root', again, 'ok', [phone, dad, bridge, toy])
roster('after a reset', again.add([phone], add(aunt)), 'ok', [phone, dad, bridge, toy, aunt])
roster('a reset over two generations', whole.add([root], reset(mum), generation=3), 'ok', [mum])
roster('no entries', first, 'roster-chain', entries=[])
roster('an entry left out', whole, 'roster-chain', entries=whole.entries[:2] + whole.entries[3:])
roster('entries exchanged', whole, 'roster-chain', entries=[whole.entries[i] for i in (0, 2, 1)])
roster('another family', whole, 'roster-chain', family=draw('else', 16))
roster('a number too high', whole.add([mum], add(aunt), number=9), 'roster-chain')
roster('not on the head', whole.add([mum], add(aunt), previous=whole.heads[0]), 'roster-chain')
roster('a generation that an adult raised', whole.add([mum], add(aunt), generation=2), 'roster-chain')
roster('a reset of the same generation', whole.add([root], reset(mum)), 'roster-chain')
roster('a reset of a lower generation', again.add([root], reset(phone), generation=1), 'roster-chain')
roster('a signature of something else', whole.add([mum], add(aunt), digest=draw('digest')), 'roster-signature')
ghost_root = Signer('ghost root'); ghost_root.id = family_id
roster('a root that is none', whole.add([ghost_root], add(aunt)), 'roster-signature')
roster('a relative signs', whole.add([grandma], add(aunt)), 'roster-right')
roster('a bridge signs', whole.add([bridge], add(aunt)), 'roster-right')
roster('a stranger signs', whole.add([nanny], add(aunt)), 'roster-right')
roster('an adult and a relative sign', whole.add([mum, grandma], add(nanny)), 'roster-right')
roster('one of two adults makes a third', whole.add([mum], add(nanny)), 'roster-right')
roster('two devices of one adult make a third', whole.add([mum, tablet], add(nanny)), 'roster-right')
roster('one of two adults removes the other', whole.add([mum], remove(dad)), 'roster-right')
roster('a reset by two adults', whole.add([mum, dad], reset(mum), generation=2), 'roster-right')
roster('the root and an adult', whole.add([root, mum], add(aunt)), 'roster-right')
roster('who was reset away signs', again.add([mum], add(aunt)), 'roster-right')
roster('an id comes back', fewer.add([mum], add(grandma)), 'roster-member')
roster('an id comes back by a reset', fewer.add([root], reset(mum, grandma), generation=2), 'roster-member')
roster('a member twice', whole.add([mum], add(bridge)), 'roster-member')
roster('one removed that is not there', whole.add([mum], remove(aunt)), 'roster-member')
roster('nobody left', first.add([mum], remove(mum)), 'roster-member')
roster('a reset without an adult', whole.add([root], reset(bridge, toy)[:1] + [[toy.member]], generation=2), 'roster-member')
roster('an id of other keys', whole.add([mum], [1, [[draw('id', 16), *aunt.member[1:]]]]), 'roster-member')
roster('a toy that signs', whole.add([mum], [1, [[*Device('t', TOY).member[:2], aunt.key, draw('l'), None]]]), 'roster-member')
roster('an unknown op', whole.add([mum], [4, [aunt.member]]), 'roster-form')
roster('an empty list', whole.add([mum], [1, []]), 'roster-form')
roster('three signers', whole.add([mum, dad, tablet], add(nanny)), 'roster-form')
roster('an integer spelled long', whole, 'roster-form', entries=[whole.entries[0], b'\x98\x02' + whole.entries[1][1:]])
roster('a byte too many', whole, 'roster-form', entries=[whole.entries[0] + b'\0'])


# --- XChaCha20-Poly1305, secretstream, X-Wing ----------------------------------------------------------------------
def stream(key, nonce, counter, data): return Cipher(ChaCha20(key, le32(counter) + nonce), None).encryptor().update(data)
def hchacha(key, nonce):
    # The block function without its last addition: what ChaCha20 puts out, less the words it adds.
    words = lambda b: [int.from_bytes(b[i:i + 4], 'little') for i in range(0, len(b), 4)]
    begin = words(b'expand 32-byte k' + key + nonce)
    block = words(Cipher(ChaCha20(key, nonce), None).encryptor().update(bytes(64)))
    mixed = [(a - b) % 2**32 for a, b in zip(block, begin)]
    return b''.join(map(le32, mixed[:4] + mixed[12:]))
def xseal(key, nonce, plain, ad):
    return ChaCha20Poly1305(hchacha(key, nonce[:16])).encrypt(bytes(4) + nonce[16:], plain, ad)


class SecretStream:
    def __init__(self, key, header): self.key, self.nonce, self.counter = hchacha(key, header[:16]), header[16:], 1
    def push(self, plain, ad, tag):
        nonce = le32(self.counter) + self.nonce
        poly = Poly1305(stream(self.key, nonce, 0, bytes(64))[:32])
        block = stream(self.key, nonce, 1, bytes([tag]) + bytes(63))
        sealed = stream(self.key, nonce, 2, plain)
        pad = lambda n: bytes(-n % 16)
        # libsodium pads the ciphertext by its length modulo 16, not up to 16.
        poly.update(ad + pad(len(ad)) + block + sealed + bytes(len(sealed) % 16))
        poly.update(len(ad).to_bytes(8, 'little') + (64 + len(sealed)).to_bytes(8, 'little'))
        mac = poly.finalize()
        self.nonce = bytes(a ^ b for a, b in zip(self.nonce, mac)); self.counter += 1
        return block[:1] + sealed + mac


def xwing_keys(seed):
    expanded = hashlib.shake_256(seed).digest(96)
    kem, curve = MLKEM768PrivateKey.from_seed_bytes(expanded[:64]), X25519PrivateKey.from_private_bytes(expanded[64:])
    return kem.public_key(), curve.public_key()
def xwing_public(seed):
    kem, curve = xwing_keys(seed)
    return kem.public_bytes_raw() + curve.public_bytes_raw()
def xwing_encapsulate(seed, name):
    kem, curve = xwing_keys(seed)
    shared_m, ct_m = kem.encapsulate()
    mine = X25519PrivateKey.from_private_bytes(draw('ephemeral ' + name))
    ct_x, pk_x = mine.public_key().public_bytes_raw(), curve.public_bytes_raw()
    shared = hashlib.sha3_256(shared_m + mine.exchange(curve) + ct_x + pk_x + b'\\.//^\\').digest()
    return ct_m + ct_x, shared


# --- envelope ------------------------------------------------------------------------------------------------------
NOW = 1772366400
WINDOW = NOW // 604800
def prekey(device): return draw('prekey ' + device.id.hex())
def padme(n):
    e = math.floor(math.log2(n)); s = math.floor(math.log2(e)) + 1
    return -(-n // (1 << (e - s))) * (1 << (e - s))


def head(kind, packets, codec, extra=b'', duration=1000): return cbor([1, kind, toy.id, NOW, duration, packets, codec, extra])
def plaintext(head, packets, size=None):
    content = le32(len(head)) + le32(len(packets)) + head + packets
    return content.ljust(size or padme(len(content)), b'\0')
def seal_body(key, message, plain, last=3):
    start = draw('start', 24)
    state = SecretStream(key_of(key, 'pawpost1/body', message), start)
    chunks = [plain[i:i + 16384] for i in range(0, len(plain), 16384)]
    return start + b''.join(state.push(c, message, last if i == len(chunks) - 1 else 0) for i, c in enumerate(chunks))


envelopes = []
def envelope(name, expect, plain, sender=bridge, to=(mum, dad), chain=whole, reader=whole, **wrong):
    message = draw('message ' + wrong.get('message', name), 16)
    if callable(plain): plain = plain(message)
    key = draw('key ' + name)
    body = wrong.get('body') or seal_body(key, wrong.get('sealed_for', message), plain, wrong.get('last', 3))
    header = cbor([wrong.get('version', 1), message, family_id, wrong.get('says', sender).id, len(chain.heads) - 1, chain.heads[-1], len(body),
        wrong.get('body_hash') or hashlib.blake2b(body, digest_size=32).digest(), key_of(key, 'pawpost1/key-commitment', message)])
    wraps = []
    for sequence, device in enumerate(sorted(to, key=lambda d: d.id), 1):
        ciphertext, shared = xwing_encapsulate(prekey(device), name)
        wrapping = key_of(shared, 'pawpost1/wrap', ciphertext, xwing_public(prekey(device)), le32(WINDOW), device.id, message)
        inner = wrong.get('other_key', key) + le32(wrong.get('sequence', sequence))
        wraps.append([device.id, WINDOW, ciphertext, xseal(wrapping, bytes(24), inner, header)])
    def wrap_hash(w): return hash_of('pawpost1/wrap-hash', w[0], le32(w[1]), w[2], w[3])
    hashes = [[w[0], wrap_hash(w)] for w in wraps]
    signed = hashes[:1] if wrong.get('dropped') else hashes
    signature = sender.sign(hash_of('pawpost1/envelope', header, cbor(signed)))
    mine = next(i for i, w in enumerate(wraps) if w[0] == to[0].id)
    if wrong.get('reversed'): hashes = hashes[::-1]
    front = cbor([1, 2, header, signature, hashes, wraps[mine]])
    upload = cbor([1, 1, header, signature, wraps])
    one = {'name': name, 'expect': expect, 'chain': 'fewer' if reader is fewer else 'whole',
        'deviceId': to[0].id.hex(), 'window': WINDOW, 'prekeySecret': prekey(wrong.get('keyed', to[0])).hex(),
        'delivered': (le32(len(front)) + front + body).hex()}
    if expect == 'ok':
        size = int.from_bytes(plain[:4], 'little'); packets = int.from_bytes(plain[4:8], 'little')
        one |= {'uploaded': (le32(len(upload)) + upload).hex(), 'messageId': message.hex(), 'senderId': sender.id.hex(),
            'sequence': mine + 1, 'head': plain[8:8 + size].hex(), 'packetsHash': hashlib.blake2b(plain[8 + size:8 + size + packets], digest_size=32).hexdigest()}
    envelopes.append(one)


second = plaintext(head(1, 17, 1), draw('packets', 2000))
def to_toy(message): return plaintext(head(2, 17, 1, toy.id + message + draw('stamp', 229)), draw('packets', 600))
wrong_stamp = plaintext(head(2, 17, 1, toy.id + draw('no message', 245)), draw('packets', 600))
receipt = lambda message: plaintext(head(5, 0, 0, message + b'\x02' + le32(NOW), 0), b'')

envelope('a second from the toy', 'ok', second, to=(mum, dad, tablet, grandma))
envelope('for one device', 'ok', second, to=(dad,))
envelope('from grandma to the toy', 'ok', to_toy, sender=grandma, to=(bridge, mum))
envelope('a receipt', 'ok', receipt)
envelope('several chunks', 'ok', plaintext(head(1, 150, 1, duration=9000), draw('long', 17000)))
envelope('a head that has grown', 'ok', plaintext(cbor([1, 1, toy.id, NOW, 1000, 17, 1, b'', 'later', [1]]), draw('p', 99)))
envelope('under an older head', 'ok', second, chain=home)
envelope('another version', 'envelope-version', second, version=2)
envelope('hashes in another order', 'envelope-form', second, reversed=True)
envelope('a body of no padded size', 'envelope-form', second + b'\0')
envelope('a head that is not known yet', 'envelope-head', second, chain=fewer)
envelope('a sender who was removed', 'envelope-sender', to_toy, sender=grandma, to=(bridge,), reader=fewer)
envelope('a ghost', 'envelope-sender', second, sender=nanny)
envelope('a relative sends for the toy', 'envelope-sender', second, sender=grandma)
envelope('a bridge sends to the toy', 'envelope-sender', to_toy, sender=bridge)
envelope('a sender who says it is another', 'envelope-signature', second, says=dad)
envelope('a wrap that was not signed', 'envelope-signature', second, dropped=True)
envelope('another key than committed', 'envelope-commitment', second, other_key=draw('other'))
envelope('a wrap for another prekey', 'envelope-commitment', second, keyed=dad)
envelope('sequence zero', 'envelope-replay', second, sequence=0)
envelope('another body’s hash', 'envelope-body', second, body_hash=draw('hash'))
envelope('a body without an end', 'envelope-body', second, last=0)
envelope('a body of another message', 'envelope-body', second, sealed_for=draw('else', 16))
envelope('padding that is not zero', 'content-form', second[:-1] + b'\1')
envelope('more padding than Padmé', 'content-form', second.ljust(padme(len(second) + 1), b'\0'))
envelope('a stamp for another message', 'content-form', wrong_stamp, sender=dad, to=(mum,))
envelope('packets in a receipt', 'content-form', plaintext(head(5, 1, 1, bytes(21)), b'\1\1'))
envelope('an unknown kind', 'content-form', plaintext(head(99, 0, 0, b'x'), b''))

chains = {name: [e.hex() for e in chain.entries] for name, chain in (('whole', whole), ('fewer', fewer))}
sealed = {'familyId': family_id.hex(), 'chains': chains, 'envelopes': envelopes}
for name, what in (('rosters', rosters), ('envelopes', sealed)):
    with open(name + '.json', 'w') as file: file.write(json.dumps(what, indent=1, ensure_ascii=False) + '\n')
