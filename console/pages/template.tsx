// placeholder
import { Outlet } from 'react-router'
export function Template() {
  return <Outlet />
}
