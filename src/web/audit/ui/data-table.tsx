import type { FunctionalComponent, VNodeChild } from 'vue';
import { say } from '../../shared/language.ts';
import { words } from '../words.ts';

export interface Column {
  title: string;
  /** Figures stand at the right. */
  isNumber?: boolean;
}

/** Rows of cells under their titles, with a caption that may be hidden from the eye. */
export const DataTable: FunctionalComponent<{
  caption: string;
  columns: Column[];
  rows: VNodeChild[][];
}> = ({ caption, columns, rows }) => (
  <table>
    <caption class="hidden">{caption}</caption>
    <thead>
      <tr>
        {columns.map(({ title, isNumber }) => (
          <th key={title} scope="col" class={{ number: isNumber }}>
            {title}
          </th>
        ))}
      </tr>
    </thead>
    <tbody>
      {rows.map((cells, row) => (
        <tr key={row}>
          {cells.map((cell, place) => (
            <td key={place} class={{ number: columns[place]?.isNumber }}>
              {cell}
            </td>
          ))}
        </tr>
      ))}
      {rows.length === 0 && (
        <tr>
          <td colspan={columns.length} class="soft">
            {say(words.none)}
          </td>
        </tr>
      )}
    </tbody>
  </table>
);
DataTable.props = ['caption', 'columns', 'rows'];
