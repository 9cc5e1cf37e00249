/** All pictures, the newest first. */
import { useApi } from '../api/query.ts';
import { GalleryDocument } from '../gql/graphql.ts';

export function Gallery() {
  const [{ data }] = useApi(GalleryDocument, { first: 40, filter: { origin: 'GENERATED' } });
  return (
    <ul>
      {data?.images.edges.map(({ node }) => (
        <li key={node.id}>
          <img src={node.thumbnail} alt={node.prompt ?? ''} width={240} loading="lazy" />
        </li>
      ))}
    </ul>
  );
}
