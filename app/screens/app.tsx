// The app that a person sees: which screen, from where the model stands and what the address asks for.
import '../look/style.css';
import { render } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { Model, Stage } from '../model.ts';
import { words } from '../words/words.ts';
import { Family } from './family.tsx';
import { Frame } from './frame.tsx';
import { Home, NoToy } from './home.tsx';
import {
  DeviceScreen,
  Invite,
  Join,
  JoiningScreen,
  Kit,
  Pair,
  PersonScreen,
  Recover,
  See,
  Settings,
  ToySettings,
} from './later.tsx';
import { ModelContext, useIsAdult, useModel } from './model.ts';
import { withNames } from './names.ts';
import { Page } from './page.tsx';
import { followAddress, goTo, invitationLink, route } from './route.ts';
import { Forked, Locked, Opening, Removed, Unsupported } from './stops.tsx';
import { Welcome } from './welcome.tsx';

/** Stages from which a person comes into a family. */
const ENTRIES: readonly Stage[] = ['welcome', 'kit', 'joining', 'forked'];

/** Draws the app into `root` and follows the model and the address from then on. A language must have been chosen. */
export function mount(model: Model, root: HTMLElement): void {
  followAddress();
  render(
    <ModelContext.Provider value={withNames(model)}>
      <App />
    </ModelContext.Provider>,
    root,
  );
}

function App() {
  const stage = useModel().state.stage.value;
  const before = useRef(stage);
  useEffect(() => {
    const hasComeIn = stage === 'home' && ENTRIES.includes(before.current);
    before.current = stage;
    if (!hasComeIn) return;
    // The way in is behind them: the address still names it.
    invitationLink.value = null;
    goTo('#/', true);
  }, [stage]);
  switch (stage) {
    case 'opening':
      return <Alone of={<Opening />} />;
    case 'unsupported':
      return <Alone of={<Unsupported />} />;
    case 'locked':
      return <Alone of={<Locked />} />;
    case 'removed':
      return <Alone of={<Removed />} />;
    case 'forked':
      return <Alone of={<Forked />} />;
    case 'welcome':
      return <Alone of={<WayIn />} />;
    case 'kit':
      return <Alone of={<Kit />} />;
    case 'joining':
      return <Alone of={<JoiningScreen />} />;
    case 'home':
      return (
        <Frame>
          <Inside />
        </Frame>
      );
  }
}

/** A screen without the ways of a family. */
function Alone({ of }: { of: preact.ComponentChildren }) {
  return <main class="alone">{of}</main>;
}

function WayIn() {
  switch (route.value[0]) {
    case 'join':
      return <Join />;
    case 'recover':
      return <Recover />;
    default:
      return <Welcome />;
  }
}

function Inside() {
  const { state } = useModel();
  const isAdult = useIsAdult();
  const [first, second, third] = route.value;
  const toys = state.toys.value;
  switch (first) {
    case 'pair':
      return isAdult ? <Pair /> : <NoToy />;
    case 'family': {
      if (second === 'invite' && isAdult) return <Invite />;
      const people = state.people.value;
      const person = second === 'person' ? people.find(({ id }) => id === third) : undefined;
      if (person) return <PersonScreen key={person.id} person={person} />;
      const devices = [...people.flatMap(({ devices }) => devices), ...state.bridges.value];
      const device = second === 'device' ? devices.find(({ id }) => id === third) : undefined;
      return device ? <DeviceScreen key={device.id} device={device} /> : <Family />;
    }
    case 'see':
      return <See />;
    case 'settings':
      return <Settings />;
    case 'join':
      return (
        <Page title={words().join.title} lead={words().join.already} back="#/" isNarrow>
          {null}
        </Page>
      );
    default: {
      const toy = toys.find(({ id }) => first === 'toy' && id === second) ?? toys[0];
      if (toy === undefined) return isAdult ? <Pair /> : <NoToy />;
      return third === 'settings' ? <ToySettings key={toy.id} toy={toy} /> : <Home key={toy.id} toy={toy} />;
    }
  }
}
