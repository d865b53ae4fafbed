// Everybody around the child: people, their devices, bridges.
import { LinkButton } from '../look/button.tsx';
import { Icon } from '../look/icons.tsx';
import { Picture } from '../look/picture.tsx';
import type { FamilyDevice, Person } from '../model.ts';
import { whenOf } from '../words/format.ts';
import { words } from '../words/words.ts';
import { useIsAdult, useModel } from './model.ts';
import { Page } from './page.tsx';

export function Family() {
  const t = words().family;
  const { people, bridges, toys } = useModel().state;
  const isAdult = useIsAdult();
  return (
    <Page title={t.title}>
      <div class="cards">
        <section class="card">
          <h2>{t.people}</h2>
          <ul class="list">
            {people.value.map((person) => (
              <PersonRow key={person.id} person={person} />
            ))}
          </ul>
          {isAdult && (
            <LinkButton to="#/family/invite" kind="main" icon="plus">
              {t.invite}
            </LinkButton>
          )}
        </section>
        <section class="card">
          <h2>{t.bridges}</h2>
          <p class="lead">{bridges.value.length === 0 ? t.noBridge : t.bridgesLead}</p>
          <ul class="list">
            {bridges.value.map((bridge) => (
              <DeviceRow key={bridge.id} device={bridge} />
            ))}
          </ul>
        </section>
        <section class="card">
          <h2>{t.toys}</h2>
          <ul class="list">
            {toys.value.map((toy) => (
              <li key={toy.id}>
                <a class="list-row" href={`#/toy/${toy.id}/settings`}>
                  <Picture id={toy.id} name={toy.name} picture={toy.picture} isToy />
                  <span class="list-text">
                    <strong>{toy.name}</strong>
                    <small>{words().toy.link[toy.link]}</small>
                  </span>
                  <Icon name="next" />
                </a>
              </li>
            ))}
          </ul>
          {isAdult && (
            <LinkButton to="#/pair" icon="plus">
              {words().toy.add}
            </LinkButton>
          )}
        </section>
      </div>
    </Page>
  );
}

function PersonRow({ person }: { person: Person }) {
  const t = words();
  return (
    <li>
      <a class="list-row" href={`#/family/person/${person.id}`}>
        <Picture id={person.id} name={person.name} picture={person.picture} />
        <span class="list-text">
          <strong>{person.isMe ? t.common.you(person.name) : person.name}</strong>
          <small>{t.family[person.role]}</small>
        </span>
        <Icon name="next" />
      </a>
    </li>
  );
}

/** A phone or a bridge, leading to its page. */
export function DeviceRow({ device }: { device: FamilyDevice }) {
  const t = words().family;
  return (
    <li>
      <a class="list-row" href={`#/family/device/${device.id}`}>
        <span class="picture plain">
          <Icon name={device.kind} />
        </span>
        <span class="list-text">
          <strong>{device.name}</strong>
          <small>
            {device.isThis
              ? t.thisDevice
              : device.lastHeardAt === null
                ? t.neverHeard
                : t.heardAt(whenOf(device.lastHeardAt))}
          </small>
        </span>
        <Icon name="next" />
      </a>
    </li>
  );
}
