// What a maker chooses before the cable: the board, the files of its image, its signed program.
import { useId, useState } from 'preact/hooks';
import { Icon } from '../look/icons.tsx';
import { Notice } from '../look/notice.tsx';
import { countOf } from '../words/format.ts';
import { FLASH_BOARDS } from './boards.ts';
import { droppedFiles, readFiles } from './dropped.ts';
import { isImageName } from './image.ts';
import type { Making, Refusal } from './making.ts';
import { Part } from './part.tsx';
import { flashWords } from './words.ts';

/** c3-stock is c3-plush for experiments with stock Espruino's radio: who wants it uses the command line. */
const BOARDS = FLASH_BOARDS.filter(({ name }) => name !== 'c3-stock');
/** The drawing of docs/boards, as the build lays it beside the page. */
const drawingOf = (name: string) => `/boards/${name}.svg`;

export function ChooseBoard({ making }: { making: Making }) {
  const t = flashWords().board;
  const name = useId();
  const chosen = making.board.value;
  return (
    <Part title={t.title} isDone={chosen !== null}>
      <fieldset class="boards" disabled={making.work.value.kind === 'busy'}>
        <legend class="unseen">{t.title}</legend>
        {BOARDS.map((board) => (
          <label key={board.name}>
            <img src={drawingOf(board.name)} alt="" loading="lazy" width={132} height={120} />
            <span>
              <input
                type="radio"
                name={name}
                checked={chosen === board}
                onChange={() => void making.chooseBoard(board.name)}
              />
              <span>
                <strong>{board.title}</strong>
                <small>{board.name}</small>
              </span>
            </span>
          </label>
        ))}
      </fieldset>
      {chosen !== null && (
        <details>
          <summary>{t.larger}</summary>
          <img class="wires" src={drawingOf(chosen.name)} alt={t.drawing(chosen.title)} />
        </details>
      )}
    </Part>
  );
}

export function ChooseImage({ making }: { making: Making }) {
  const t = flashWords().image;
  const [isOver, setOver] = useState(false);
  const board = making.board.value;
  const parts = making.image.value;
  const take = async (files: Iterable<File>) => making.takeImage(await readFiles(files, isImageName));
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    if (event.dataTransfer === null || board === null) return;
    void droppedFiles(event.dataTransfer).then(take);
  };
  return (
    <Part title={t.title} isDone={parts !== null}>
      <p>
        {t.lead} {board === null ? '' : <code>{board.image}</code>}.
      </p>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the button inside does the same for whoever cannot drop. */}
      <div
        class={isOver ? 'drop over' : 'drop'}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
      >
        <p>{board === null ? t.boardFirst : t.files}</p>
        <FileButton
          label={t.choose}
          accept=".bin"
          isMany
          isDisabled={board === null || making.work.value.kind === 'busy'}
          onChoose={(files) => void take(files)}
        />
      </div>
      <div role="status">
        {parts !== null && (
          <Notice kind="good">
            <ul>
              {parts.map(({ name, bytes }) => (
                <li key={name}>
                  <code>{name}</code> {t.bytes(countOf(Math.ceil(bytes.length / 1024)))}
                </li>
              ))}
            </ul>
            {t.ready}
          </Notice>
        )}
      </div>
      <RefusalNotice refusal={making.imageRefusal.value} />
    </Part>
  );
}

export function ChooseProgram({ making }: { making: Making }) {
  const t = flashWords();
  const program = making.program.value;
  const board = making.board.value;
  const isMissing = board !== null && program === null && !making.isProgramAwaited.value;
  const take = async (files: Iterable<File>) => {
    const [file] = await readFiles(files, () => true);
    if (file !== undefined) making.takeProgram(file.bytes);
  };
  return (
    <Part title={t.program.title} isDone={program !== null}>
      <div role="status">
        {board === null && <p class="lead">{t.image.boardFirst}</p>}
        {making.isProgramAwaited.value && <p>{t.program.looking}</p>}
        {program !== null && <Notice kind="good">{t.program.own(program.release)}</Notice>}
        {isMissing && <p>{t.program.missing}</p>}
      </div>
      {isMissing && (
        <FileButton label={t.program.choose} accept=".program" onChoose={(files) => void take(files)} />
      )}
      <RefusalNotice refusal={making.programRefusal.value} />
    </Part>
  );
}

export function FileButton(props: {
  label: string;
  accept: string;
  isMany?: boolean;
  isDisabled?: boolean;
  onChoose: (files: File[]) => void;
}) {
  const id = useId();
  const isDisabled = props.isDisabled ?? false;
  return (
    <span class="file">
      <input
        id={id}
        type="file"
        accept={props.accept}
        multiple={props.isMany ?? false}
        disabled={isDisabled}
        onChange={({ currentTarget }) => {
          props.onChoose([...(currentTarget.files ?? [])]);
          // The same files again are news, too: they may have been built anew.
          currentTarget.value = '';
        }}
      />
      <label for={id} class="button">
        <Icon name="plus" />
        {props.label}
      </label>
    </span>
  );
}

/** What was wrong, and the name of what it was. */
export function RefusalNotice({ refusal }: { refusal: Refusal | null }) {
  const told = refusal && flashWords().troubles[refusal.code];
  return (
    <div role="alert">
      {told && (
        <Notice kind="warn">
          <strong>{told.what}</strong> {told.todo}
          {refusal.detail !== '' && (
            <small class="detail" lang="en">
              {refusal.detail}
            </small>
          )}
        </Notice>
      )}
    </div>
  );
}
