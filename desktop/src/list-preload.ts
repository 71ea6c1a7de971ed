import { contextBridge, ipcRenderer } from "electron";
import { createListBridge } from "./bridge.ts";

contextBridge.exposeInMainWorld("miscordList", createListBridge(ipcRenderer));
