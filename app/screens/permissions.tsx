// Who may speak to a toy, whose messages an adult hears first, and how the heart beats for each.
import { useId } from 'preact/hooks';
import { Switch } from '../look/field.tsx';
import { TroubleNotice } from '../look/notice.tsx';
import { Picture } from '../look/picture.tsx';
import { RhythmPicture } from '../look/rhythm.tsx';
import type { Permission, Person, Toy } from '../model.ts';
import { RHYTHMS } from '../rhythms.ts';
import { words } from '../words/words.ts';
import { useAct, useModel } from './model.ts';

export function Permissions({ toy }: { toy: Toy }) {
  const t = words().toySettings;
  const { state, actions } = useModel();
  const act = useAct();
  const people = state.people.value;
  const of = (personId: string): Permission =>
    toy.permissions.find((permission) => permission.personId === personId) ?? {
      personId,
      isAllowed: false,
      needsApproval: false,
      rhythm: 0,
    };
  const change = (personId: string, part: Partial<Permission>) =>
    void act.run(() =>
      actions.setPermissions(
        toy.id,
        people.map(({ id }) => (id === personId ? { ...of(id), ...part } : of(id))),
      ),
    );
  return (
    <>
      <ul class="permissions">
        {people.map((person) => (
          <PersonPermission
            key={person.id}
            person={person}
            permission={of(person.id)}
            isBusy={act.isBusy}
            onChange={(part) => change(person.id, part)}
          />
        ))}
      </ul>
      <p class="lead">{t.rhythmLead}</p>
      <TroubleNotice code={act.code} />
    </>
  );
}

function PersonPermission(props: {
  person: Person;
  permission: Permission;
  isBusy: boolean;
  onChange: (part: Partial<Permission>) => void;
}) {
  const t = words();
  const id = useId();
  const { person, permission, isBusy, onChange } = props;
  const name = person.isMe ? t.common.you(person.name) : person.name;
  return (
    <li>
      <div class="permission-head">
        <Picture id={person.id} name={person.name} picture={person.picture} />
        <Switch
          label={name}
          isOn={permission.isAllowed}
          isDisabled={isBusy}
          onChange={(isAllowed) => onChange({ isAllowed })}
        />
      </div>
      {permission.isAllowed && (
        <div class="permission-more">
          {person.role === 'relative' && (
            <Switch
              label={t.toySettings.approval}
              isOn={permission.needsApproval}
              isDisabled={isBusy}
              onChange={(needsApproval) => onChange({ needsApproval })}
            />
          )}
          <div class="rhythm-choice">
            <label for={id}>{t.toySettings.rhythm}</label>
            <select
              id={id}
              value={permission.rhythm}
              disabled={isBusy}
              onChange={(event) => onChange({ rhythm: Number(event.currentTarget.value) })}
            >
              {RHYTHMS.map((_, rhythm) => (
                <option key={rhythm} value={rhythm}>
                  {t.toySettings.rhythmOf(rhythm + 1)}
                </option>
              ))}
            </select>
            <RhythmPicture rhythm={permission.rhythm} />
          </div>
        </div>
      )}
    </li>
  );
}
