// One of the steps that the page shows: a number, what it is about, and whether it is done.
import type { ComponentChildren } from 'preact';
import { Icon } from '../look/icons.tsx';

export function Part(props: { title: string; isDone: boolean; children: ComponentChildren }) {
  return (
    <li class={props.isDone ? 'card part done' : 'card part'}>
      <h2>
        {props.title}
        {props.isDone && <Icon name="check" />}
      </h2>
      {props.children}
    </li>
  );
}
