// Invitations' pigeonholes: an adult opens one, the newcomer puts its request and an adult the answer. Sealed elsewhere, opaque here.
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { decodeBase64url } from '#protocol/relay/base64url.ts';
import {
  ID_BYTES,
  PIGEONHOLE_PART_MAX_BYTES,
  SIGNING_KEY_BYTES,
  WAIT_MAX_S,
} from '#protocol/relay/limits.ts';
import {
  INVITATION,
  INVITATION_ANSWER,
  INVITATION_CLOSE,
  INVITATION_REQUEST,
  type InvitationPart,
} from '#protocol/relay/paths.ts';
import { refuse } from './answer.ts';
import { memberOf } from './asker.ts';
import type { Families } from './families.ts';
import { bytesOf, readCount } from './input.ts';
import { sleepAt } from './sleep.ts';
import type { Member, Pigeonhole, Store } from './store.ts';
import { createWakes, type Wakes } from './wakes.ts';

const OPENED = { opened: 201, known: 200 } as const;
const WRITTEN = { stored: 201, known: 200 } as const;
/** Who writes and who reads each part; the other side does the opposite. */
const WRITTEN_BY_DOOR: Readonly<Record<InvitationPart, boolean>> = { request: true, answer: false };
const PATHS: Readonly<Record<InvitationPart, string>> = {
  request: INVITATION_REQUEST,
  answer: INVITATION_ANSWER,
};

type Params = { Params: { invitation: string } };

export interface InvitationParts {
  store: Store;
  families: Families;
  /** Long polls for one part of one pigeonhole at once; a further one ends the oldest. */
  sleepersPerPart: number;
  nowMs(): number;
}

export function serveInvitations(http: FastifyInstance, parts: InvitationParts): void {
  const { store, families, nowMs } = parts;
  // One each, so that whoever waits at the door cannot crowd out the adults.
  const wakes: Readonly<Record<InvitationPart, Wakes>> = {
    request: createWakes(parts.sleepersPerPart),
    answer: createWakes(parts.sleepersPerPart),
  };
  const nowS = () => Math.floor(nowMs() / 1000);

  http.put<Params>(INVITATION, { bodyLimit: SIGNING_KEY_BYTES }, async (request, reply) => {
    const { member, claim } = memberOf(request);
    const { invitation } = placeOf(request);
    if (!(await families.isAdult(member))) return refuse(reply, 'forbidden');
    const doorKey = bytesOf(request);
    if (doorKey.length !== SIGNING_KEY_BYTES) return refuse(reply, 'form');
    const outcome = await store.openInvitation(claim, member, { invitation, doorKey, atS: nowS() });
    if (outcome !== 'opened' && outcome !== 'known') return refuse(reply, outcome);
    return reply.code(OPENED[outcome]).send();
  });

  http.post<Params>(INVITATION_CLOSE, { bodyLimit: 1 }, async (request, reply) => {
    const { member, claim } = memberOf(request);
    const place = placeOf(request);
    if (!(await families.isAdult(member))) return refuse(reply, 'forbidden');
    await store.closeInvitation(claim, member, place.invitation);
    wake('request', place);
    wake('answer', place);
    return reply.code(204).send();
  });

  for (const part of ['request', 'answer'] as const) servePart(part);

  function servePart(part: InvitationPart): void {
    http.put<Params>(PATHS[part], { bodyLimit: PIGEONHOLE_PART_MAX_BYTES }, async (request, reply) => {
      const { claim, member } = request.asker!;
      const place = placeOf(request);
      if (!(await isOn(member, WRITTEN_BY_DOOR[part]))) return refuse(reply, 'forbidden');
      const content = { bytes: bytesOf(request), atS: nowS() };
      const outcome = await store.putInvitationPart(claim, member, place, part, content);
      if (outcome !== 'stored' && outcome !== 'known') return refuse(reply, outcome);
      wake(part, place);
      return reply.code(WRITTEN[outcome]).send();
    });

    http.get<Params & { Querystring: { wait?: string } }>(PATHS[part], async (request, reply) => {
      const { claim, member } = request.asker!;
      const place = placeOf(request);
      if (!(await isOn(member, !WRITTEN_BY_DOOR[part]))) return refuse(reply, 'forbidden');
      const waitS = readCount(request.query.wait, 0, WAIT_MAX_S);
      // Listening begins before the look, or what comes in between would be slept through.
      const sleep = waitS > 0 ? sleepAt(wakes[part], at(place), waitS * 1000) : null;
      try {
        let bytes = await store.readInvitationPart(claim, member, place, part, nowS());
        if (sleep !== null && bytes === null) {
          request.raw.once('close', sleep.end);
          await sleep.woken;
          bytes = await store.readInvitationPart(null, member, place, part, nowS());
        }
        if (bytes === null) return refuse(reply, 'missing');
        return reply.type('application/octet-stream').send(bytes);
      } finally {
        sleep?.end();
      }
    });
  }

  function wake(part: InvitationPart, place: Pigeonhole): void {
    wakes[part].wake({ ...at(place), cursor: 0 });
  }

  /** True for whoever holds the door key, if that side is asked for; else for an adult. */
  async function isOn(member: Member | null, isDoorAsked: boolean): Promise<boolean> {
    if (member === null || isDoorAsked) return member === null && isDoorAsked;
    return families.isAdult(member);
  }

  http.addHook('preClose', async () => {
    wakes.request.close();
    wakes.answer.close();
  });
}

/** The pigeonhole of the path, in the asker's own family. Faults `request-form`. */
function placeOf(request: FastifyRequest<Params>): Pigeonhole {
  return {
    family: request.asker!.family,
    invitation: decodeBase64url(request.params.invitation, ID_BYTES),
  };
}

function at({ family, invitation }: Pigeonhole) {
  return { family, device: null, invitation };
}
