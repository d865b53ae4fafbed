#!/usr/bin/env python3
"""Makes links.json: the link of protocol/README.md sections 4 to 6, written a second time from the text, on OpenSSL and hashlib.

Needs python3-cryptography. Run by hand when the specification changes: python3 test/vectors/links.py > test/vectors/links.json
"""
import hashlib
import hmac
import json
import struct

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

TAG, IDENTITY, TOY_ROOT, SENDING, RECEIVING, SHARED = 0, 1, 2, 11, 12, 15


def count(first, size):
    return bytes((first + i) & 255 for i in range(size))


def blake(data, size=64, key=b''):
    return hashlib.blake2b(data, digest_size=size, key=key).digest()


def hkdf(chain, data, outputs):
    temporary = hmac.new(chain, data, hashlib.blake2b).digest()
    previous, made = b'', []
    for i in range(outputs):
        previous = hmac.new(temporary, previous + bytes([i + 1]), hashlib.blake2b).digest()
        made.append(previous)
    return made


def public(secret):
    return X25519PrivateKey.from_private_bytes(secret).public_key().public_bytes_raw()


def dh(secret, peer):
    return X25519PrivateKey.from_private_bytes(secret).exchange(X25519PublicKey.from_public_bytes(peer))


def aead(key, number, plain, ad=None):
    return ChaCha20Poly1305(key).encrypt(bytes(4) + struct.pack('<Q', number), plain, ad)


def rekey(key):
    return ChaCha20Poly1305(key).encrypt(bytes(4) + b'\xff' * 8, bytes(32), None)[:32]


class Noise:
    """Both sides at once: with all secrets in hand, one state makes every message."""

    def __init__(self, name, prologue, psk, premessages=()):
        self.h = name.encode().ljust(64, b'\0')
        self.ck = self.h
        self.mix_hash(prologue)
        for key in premessages:
            self.mix_hash(key)
        self.ck, t, self.k = hkdf(self.ck, psk, 3)
        self.mix_hash(t)
        self.n = 0

    def mix_hash(self, data):
        self.h = blake(self.h + data)

    def mix(self, data):
        self.ck, self.k = hkdf(self.ck, data, 2)
        self.n = 0

    def ephemeral(self, secret):
        key = public(secret)
        self.mix_hash(key)
        self.mix(key)
        return key

    def seal(self, plain=b''):
        sealed = aead(self.k[:32], self.n, plain, self.h)
        self.n += 1
        self.mix_hash(sealed)
        return sealed

    def split(self):
        return [key[:32] for key in hkdf(self.ck, b'', 2)]


toy, bridge, stranger = count(0x01, 32), count(0x41, 32), count(0x81, 32)
toy_e, bridge_e = count(0xA1, 32), count(0xC1, 32)
root, tag = count(0x20, 32), count(0x60, 32)
hello = bytes([1]) + struct.pack('<HBB', 60, 24, 0) + count(0xE0, 16)
hello_open = bytes([1]) + struct.pack('<HBB', 60, 24, 1) + count(0xE0, 16)
other_hello = hello[:5] + count(0xE1, 16)
psk = blake(b'pawpost1/bridge' + public(bridge), 32, root)
hint = blake(b'pawpost1/hint' + hello[5:], 8, psk)
bridges = public(stranger) + public(bridge) + public(count(0x33, 32)) + bytes(160)

# Every day: KKpsk0.
head = bytes([1]) + struct.pack('<HB', 247, 30) + hint
n = Noise('Noise_KKpsk0_25519_ChaChaPoly_BLAKE2b', b'pawpost1/link' + hello + head, psk, (public(bridge), public(toy)))
call = head + n.ephemeral(bridge_e)
n.mix(dh(bridge_e, public(toy)))
n.mix(dh(bridge, public(toy)))
call += n.seal()
reply = n.ephemeral(toy_e)
n.mix(dh(bridge_e, public(toy_e)))
n.mix(dh(bridge, public(toy_e)))
reply += n.seal()
daily_hash = n.h
to_toy, from_toy = n.split()

# Pairing: XXpsk0.
pairing_head = bytes([2]) + struct.pack('<HB', 185, 30) + bytes(8)
n = Noise('Noise_XXpsk0_25519_ChaChaPoly_BLAKE2b', b'pawpost1/link' + hello_open + pairing_head, tag)
pairing_call = pairing_head + n.ephemeral(bridge_e) + n.seal()
pairing_reply = n.ephemeral(toy_e)
n.mix(dh(bridge_e, public(toy_e)))
pairing_reply += n.seal(public(toy))
n.mix(dh(bridge_e, public(toy)))
pairing_reply += n.seal()
pairing_finish = n.seal(public(bridge))
n.mix(dh(bridge, public(toy_e)))
pairing_finish += n.seal()
pairing_hash = n.h
pair_to_toy, pair_from_toy = n.split()
nonce_b, nonce_t = count(0x11, 16), count(0x77, 16)
commit_b, commit_t = (blake(b'pawpost1/commit' + pairing_hash + nonce, 32) for nonce in (nonce_b, nonce_t))
two = blake(b'pawpost1/animals' + pairing_hash + nonce_b + nonce_t, 2)
animals = bytes([two[0] >> 4, two[0] & 15, two[1] >> 4, two[1] & 15])


def record(key, number, plain):
    """`key` is the one of the record's own epoch."""
    return struct.pack('<I', number) + aead(key, number, plain)


def flip(data, at, bit=1):
    return data[:at] + bytes([data[at] ^ bit]) + data[at + 1:]


ready, status, long = bytes([0x10]) + count(1, 4), bytes([0x11]) + count(5, 17), count(3, 1024)
key, back = count(0x50, 32), count(0x90, 32)
vectors = []


def vector(name, expect, *ops):
    vectors.append({'name': name, 'expect': expect,
                    'ops': [[x.hex() if isinstance(x, bytes) else x for x in op] for op in ops]})


load_bridge = [('load', IDENTITY, bridge), ('load', SHARED, psk)]
load_toy = [('load', IDENTITY, toy), ('load', TOY_ROOT, root)]
answer = lambda h, c, e=toy_e: ('answerDaily', h, c, bridges, 3, e, reply, 1)
vector('a toy\'s keys and id', 'ok', ('load', IDENTITY, toy), ('publicKey', IDENTITY, public(toy)),
       ('toyId', public(toy), blake(b'pawpost1/toy' + public(toy), 16)))
vector('a bridge\'s hint', 'ok', ('load', SHARED, psk), ('hint', hello, hint))
vector('daily, the bridge', 'ok', *load_bridge, ('callDaily', hello, 247, 30, public(toy), bridge_e, call),
       ('finishDaily', reply), ('transcript', daily_hash), ('openLink', 1),
       ('seal', ready, record(to_toy, 0, ready)), ('open', record(from_toy, 0, status), status),
       ('seal', long, record(to_toy, 1, long)), ('refuse', record(to_toy, 1, long)))
vector('daily, the toy', 'ok', *load_toy, answer(hello, call), ('openLink', 0),
       ('open', record(to_toy, 0, ready), ready), ('seal', status, record(from_toy, 0, status)),
       ('open', record(to_toy, 1, long), long),
       ('sealSecret', bytes([0x23]) + bytes(32), TOY_ROOT, record(from_toy, 1, bytes([0x23]) + root)))
fail = 'handshake-failed'
vector('a first message played again to a fresh hello', fail, *load_toy, answer(other_hello, call))
vector('the same with the hint that fits the fresh hello', fail, *load_toy,
       answer(other_hello, call[:4] + blake(b'pawpost1/hint' + other_hello[5:], 8, psk) + call[12:]))
vector('a stranger\'s hint', fail, *load_toy, answer(hello, call[:4] + count(0, 8) + call[12:]))
vector('a toy with another root', fail, ('load', IDENTITY, toy), ('load', TOY_ROOT, count(9, 32)), answer(hello, call))
vector('another toy', fail, ('load', IDENTITY, stranger), ('load', TOY_ROOT, root), answer(hello, call))
vector('a bridge that is no longer in the policy', fail, *load_toy,
       ('answerDaily', hello, call, bridges, 1, toy_e, reply, 1))
vector('a changed MTU', fail, *load_toy, answer(hello, flip(call, 1)))
vector('a changed window', fail, *load_toy, answer(hello, flip(call, 3, 2)))
vector('the pattern of pairing', fail, *load_toy, answer(hello, flip(call, 0, 3)))
vector('a changed ephemeral', fail, *load_toy, answer(hello, flip(call, 20)))
vector('an ephemeral of small order', fail, *load_toy, answer(hello, call[:12] + bytes(32) + call[44:]))
vector('a changed tag', fail, *load_toy, answer(hello, flip(call, 59)))
vector('a first message too short', fail, *load_toy, answer(hello, call[:59]))
vector('a first message too long', fail, *load_toy, answer(hello, call + b'\0'))
vector('a hello of another length', fail, *load_toy, answer(hello[:20], call))


def calling(mtu, window):
    """A genuine call that says what no bridge may say."""
    start = bytes([1]) + struct.pack('<HB', mtu, window) + hint
    m = Noise('Noise_KKpsk0_25519_ChaChaPoly_BLAKE2b', b'pawpost1/link' + hello + start, psk, (public(bridge), public(toy)))
    message = start + m.ephemeral(bridge_e)
    m.mix(dh(bridge_e, public(toy)))
    m.mix(dh(bridge, public(toy)))
    return message + m.seal()


assert calling(247, 30) == call
vector('a genuine call with an MTU of 22', fail, *load_toy, answer(hello, calling(22, 30)))
vector('a genuine call with no window', fail, *load_toy, answer(hello, calling(247, 0)))
vector('a genuine call with a window of 31', fail, *load_toy, answer(hello, calling(247, 31)))
called = [*load_bridge, ('callDaily', hello, 247, 30, public(toy), bridge_e, call)]
vector('a changed answer', fail, *called, ('finishDaily', flip(reply, 47)))
vector('an answer too long', fail, *called, ('finishDaily', reply + b'\0'))
vector('the call as its own answer', fail, *called, ('finishDaily', call[12:]))
vector('a link before the answer', 'link-closed', *called, ('openLink', 1))

vector('pairing, the bridge', 'ok', ('load', IDENTITY, bridge), ('load', TAG, tag),
       ('callPairing', hello_open, 185, 30, bridge_e, pairing_call), ('finishPairing', pairing_reply, pairing_finish),
       ('transcript', pairing_hash), ('remote', public(toy)), ('commit', nonce_b, commit_b),
       ('animals', nonce_b, nonce_t, animals), ('openLink', 1),
       ('seal', ready, record(pair_to_toy, 0, ready)), ('open', record(pair_from_toy, 0, status), status))
load_unpaired = [('load', IDENTITY, toy), ('load', TAG, tag)]
answered = ('answerPairing', hello_open, pairing_call, toy_e, pairing_reply)
vector('pairing, the toy', 'ok', *load_unpaired, answered, ('acceptPairing', pairing_finish),
       ('transcript', pairing_hash), ('remote', public(bridge)), ('commit', nonce_t, commit_t),
       ('animals', nonce_b, nonce_t, animals), ('openLink', 0),
       ('open', record(pair_to_toy, 0, ready), ready), ('seal', status, record(pair_from_toy, 0, status)))
vector('pairing with another tag', fail, ('load', IDENTITY, toy), ('load', TAG, count(0x61, 32)), answered)
vector('pairing played again to a fresh hello', fail, *load_unpaired,
       ('answerPairing', other_hello, pairing_call, toy_e, pairing_reply))
vector('pairing with a changed end', fail, *load_unpaired, answered, ('acceptPairing', flip(pairing_finish, 5)))
vector('pairing without an end', 'link-closed', *load_unpaired, answered, ('openLink', 0))

keys = [('load', SENDING, key), ('load', RECEIVING, back)]
plain = lambda i: count(i, 9)
vector('records with gaps', 'ok', *keys, ('linkAt', 0, 0, 0), ('open', record(back, 0, plain(0)), plain(0)),
       ('open', record(back, 7, plain(7)), plain(7)), ('open', record(back, 0xFFFF, plain(1)), plain(1)))
vector('a record played again', 'ok', *keys, ('linkAt', 0, 0, 0), ('open', record(back, 3, plain(3)), plain(3)),
       ('refuse', record(back, 3, plain(3))), ('open', record(back, 4, plain(4)), plain(4)))
vector('a record overtaken', 'ok', *keys, ('linkAt', 0, 0, 0), ('open', record(back, 3, plain(3)), plain(3)),
       ('refuse', record(back, 2, plain(2))), ('open', record(back, 4, plain(4)), plain(4)))
genuine = record(back, 5, plain(5))
vector('a record with a flipped bit', 'ok', *keys, ('linkAt', 0, 0, 0),
       *[('refuse', flip(genuine, i, 1 << (i % 8))) for i in range(len(genuine))], ('open', genuine, plain(5)))
vector('a record cut short', 'ok', *keys, ('linkAt', 0, 0, 0),
       *[('refuse', genuine[:i]) for i in range(len(genuine))], ('refuse', genuine + b'\0'), ('open', genuine, plain(5)))
vector('a record sent back to its sender', 'ok', *keys, ('linkAt', 0, 0, 0), ('seal', plain(0), record(key, 0, plain(0))),
       ('refuse', record(key, 0, plain(0))))
vector('a record of nothing', 'ok', *keys, ('linkAt', 0, 0, 0), ('seal', b'', record(key, 0, b'')),
       ('open', record(back, 0, b''), b''))
vector('a plaintext of 1024 bytes', 'ok', *keys, ('linkAt', 0, 0, 0), ('seal', long, record(key, 0, long)),
       ('open', record(back, 0, long), long))
vector('a plaintext too long', 'record-long', *keys, ('linkAt', 0, 0, 0), ('seal', long + b'\0', b''))
vector('a genuine record too long', 'ok', *keys, ('linkAt', 0, 0, 0), ('refuse', record(back, 0, long + b'\0')))
vector('a secret without room', 'record-short', *keys, ('linkAt', 0, 0, 0), ('sealSecret', bytes(31), TOY_ROOT, b''))
vector('REKEY of the sender', 'ok', *keys, ('linkAt', 0xFFFF, 0, 0),
       ('seal', plain(1), record(key, 0xFFFF, plain(1))), ('seal', plain(2), record(rekey(key), 0x10000, plain(2))),
       ('seal', plain(3), record(rekey(key), 0x10001, plain(3))))
vector('REKEY of the receiver', 'ok', *keys, ('linkAt', 0, 0xFFFE, 0),
       ('open', record(back, 0xFFFE, plain(1)), plain(1)), ('open', record(rekey(back), 0x10003, plain(2)), plain(2)),
       ('open', record(rekey(back), 0x1FFFF, plain(3)), plain(3)),
       ('open', record(rekey(rekey(back)), 0x20000, plain(4)), plain(4)))
vector('a forged REKEY moves nothing', 'ok', *keys, ('linkAt', 0, 5, 0),
       ('refuse', flip(record(rekey(back), 0x10000, plain(1)), 6)), ('refuse', record(back, 0x10000, plain(1))),
       ('open', record(back, 6, plain(2)), plain(2)), ('open', record(rekey(back), 0x10000, plain(1)), plain(1)))
vector('the key before a REKEY is dead', 'ok', *keys, ('linkAt', 0, 0xFFFF, 0),
       ('open', record(rekey(back), 0x10000, plain(1)), plain(1)), ('refuse', record(back, 0x10001, plain(2))))
vector('a jump of two REKEYs', 'ok', *keys, ('linkAt', 0, 5, 0),
       ('refuse', record(rekey(rekey(back)), 0x20000, plain(1))), ('open', record(back, 6, plain(2)), plain(2)))
vector('the last record', 'link-exhausted', *keys, ('linkAt', 0xFFFEFFFF, 0xFFFEFFFF, 0xFFFE),
       ('seal', plain(1), record(key, 0xFFFEFFFF, plain(1))), ('open', record(back, 0xFFFEFFFF, plain(2)), plain(2)),
       ('refuse', record(rekey(back), 0xFFFF0000, plain(3))), ('seal', plain(3), b''))
exhausted = [*keys, ('linkAt', 0xFFFF0000, 0, 0)]
vector('a link at its end', 'link-exhausted', *exhausted, ('seal', plain(1), b''))

print('{"vectors": [\n' + ',\n'.join(json.dumps(v) for v in vectors) + '\n]}')
