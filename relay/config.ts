// The relay's configuration, and what of it would be unsafe.
import { BlockList, isIP } from 'node:net';
import { z } from 'zod';
import { HEARTBEAT_S } from '#protocol/relay/limits.ts';
import { RelayError } from './error.ts';
import { isIn, isLoopback } from './loopback.ts';
import { PUSH_HOSTS, pushHostSchema } from './push-hosts.ts';

const MEBIBYTE = 1024 * 1024;

const bucketSchema = z.strictObject({ burst: z.number().min(1), perSecond: z.number().positive() });
/** A token bucket: how many at once, and how many a second after that. */
export type BucketLimits = z.output<typeof bucketSchema>;

const originSchema = z.string().refine(isOrigin, 'is not an origin such as https://relay.example');

const limitsSchema = z.strictObject({
  /** Requests of one address (of one /64 for IPv6), signed or not. A household shares one. */
  address: bucketSchema.prefault({ burst: 300, perSecond: 10 }),
  /** Requests of one device. */
  device: bucketSchema.prefault({ burst: 120, perSecond: 2 }),
  /** Families made from one address. */
  families: bucketSchema.prefault({ burst: 5, perSecond: 5 / 3600 }),
  /** Event streams and long polls of one device at once; a further one ends the oldest. */
  sleepersPerDevice: z.int().min(1).default(4),
});

const configSchema = z.strictObject({
  host: z.string().min(1).default('127.0.0.1'),
  /** 0 takes any free port. */
  port: z.int().min(0).max(65535).default(8787),
  /** Where the database lives: made with mode 0700, refused if others may look into it. */
  directory: z.string().min(1),
  tls: z.strictObject({ certPath: z.string(), keyPath: z.string() }).nullable().default(null),
  /**
   * Addresses or networks (CIDR) of proxies that end TLS; nobody else is answered then, but this machine. A proxy on this machine is
   * named too (127.0.0.1), or all who come through it count as one address.
   */
  trustedProxies: z.array(z.string().refine(isNetwork, 'is not an address or a network')).default([]),
  /** The origin that clients sign for; by default the address the relay listens on. */
  publicUrl: originSchema.nullable().default(null),
  /** Origins of apps whose pages may call this relay (CORS). */
  appOrigins: z.array(originSchema).default([]),
  /** What one mailbox holds. */
  quota: z
    .strictObject({ messages: z.int().min(1), sizeBytes: z.int().min(1) })
    .prefault({ messages: 2000, sizeBytes: 64 * MEBIBYTE }),
  /** Most bytes of the database file; null for the disk's own limit. */
  storeMaxBytes: z.int().min(MEBIBYTE).nullable().default(null),
  /** Bytes that messages leave free, so that a full relay can still be read and emptied. */
  storeReserveBytes: z
    .int()
    .min(0)
    .default(64 * MEBIBYTE),
  limits: limitsSchema.prefault({}),
  /** Who answers for this relay, to people who found a flaw and to push services: a `mailto:` or `https:` URL. By default the public address. */
  contact: z
    .string()
    .regex(/^(mailto:\S+@|https:\/\/)\S+$/, 'is not a mailto: or https: URL')
    .refine((text) => URL.canParse(text), 'is not a URL')
    .nullable()
    .default(null),
  push: z
    .strictObject({
      /** The push services that may be called, and no other address. */
      hosts: z.array(pushHostSchema).default(PUSH_HOSTS),
    })
    .prefault({}),
  heartbeatMs: z
    .int()
    .min(1)
    .default(HEARTBEAT_S * 1000),
});

export type RelayConfig = z.output<typeof configSchema>;
/** As written by a person: what has a default may be absent. */
export type RelayConfigInput = z.input<typeof configSchema>;

/** A whole configuration. @throws RelayError `config` naming each wrong field, `insecure` if it would be unsafe to start. */
export function readConfig(input: unknown): RelayConfig {
  const parsed = configSchema.safeParse(input);
  if (!parsed.success) {
    const faults = parsed.error.issues.map(
      (issue) => `${issue.path.join('.') || 'configuration'}: ${issue.message}`,
    );
    throw new RelayError('config', `The relay's configuration is wrong. ${faults.join('; ')}.`);
  }
  requireSecure(parsed.data);
  return parsed.data;
}

/** Whom strangers may write to about this relay. Without a public address nobody outside can: the name is a stopgap. */
export function contactOf({ contact, publicUrl }: Pick<RelayConfig, 'contact' | 'publicUrl'>): string {
  if (contact !== null) return contact;
  return publicUrl?.startsWith('https://') ? publicUrl : 'mailto:operator@localhost';
}

/** Says of an address whether it belongs to one of the networks. */
export function networks(texts: readonly string[]): (address: string) => boolean {
  const list = new BlockList();
  for (const text of texts) {
    const [address, bits] = text.split('/');
    const family = isIP(address!) === 6 ? 'ipv6' : 'ipv4';
    list.addSubnet(address!, bits === undefined ? (family === 'ipv6' ? 128 : 32) : Number(bits), family);
  }
  return (address) => isIn(list, address);
}

function requireSecure(config: RelayConfig): void {
  if (isLoopback(config.host)) return;
  if (config.tls === null && config.trustedProxies.length === 0) {
    throw new RelayError(
      'insecure',
      `Listening on ${config.host} without TLS would show the world who writes to whom. Give tls, or trustedProxies that end TLS, or listen on 127.0.0.1.`,
    );
  }
  if (!config.publicUrl?.startsWith('https://')) {
    throw new RelayError(
      'insecure',
      'A relay that others reach needs publicUrl, beginning with https://: clients sign for it.',
    );
  }
}

function isOrigin(text: string): boolean {
  return /^https?:\/\//.test(text) && URL.canParse(text) && new URL(text).origin === text;
}

function isNetwork(text: string): boolean {
  const [address, bits, ...rest] = text.split('/');
  const version = isIP(address!);
  if (version === 0 || rest.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (version === 6 ? 128 : 32));
}
