import { NavLink } from 'react-router';
import { useText } from '../../../portal-context.tsx';

/** Links between the pages of an agent's record. */
export function RecordLinks() {
  const { pages, link } = useText().words.record;
  return (
    <nav aria-label={pages} className="hod-nav">
      <ul>
        <li>
          <NavLink to="/history">{link.history}</NavLink>
        </li>
        <li>
          <NavLink to="/figures">{link.figures}</NavLink>
        </li>
        <li>
          <NavLink to="/why-not-me">{link.unoffered}</NavLink>
        </li>
      </ul>
    </nav>
  );
}
